export type { DetectOptions, RecognisedLayout } from '../../domains/reader.ts';
export type {
  DataWarning,
  PassedOver,
  ReadingNotes,
  TableNotes,
  UnlabelledSample,
} from '../../domains/reading-notes.ts';
export { canonicalLabel } from '../../network/class-names.ts';
export { splitTarget } from '../../domains/splits.ts';
export type { ClassFolderKind } from '../../folders/class-folder-kind.ts';
export {
  detectClassFolders,
  listClassFolders,
  type ClassFile,
  type ClassFolders,
} from '../../folders/class-folders.ts';
export { listEveryFile, type EveryFile } from '../../folders/every-file.ts';
export { fileFinder, type FileFinder } from '../../folders/file-finder.ts';
export { isLeftover } from '../../folders/side-files.ts';
export { SPLIT_WORDS, splitNamed } from '../../folders/split-names.ts';
export { skipHint } from '../../domains/skip-hint.ts';
export { byCodeUnit } from '../../domains/by-code-unit.ts';
export { filesBelow, listFolder, type Entry } from '../../folders/walk.ts';
export { cellText } from '../../tables/cell-text.ts';
export type { ColumnKind } from '../../tables/column-kinds.ts';
export { GROUP_COLUMN, groupInCell } from '../../tables/group-column.ts';
export { sampleWeight, WEIGHT_COLUMN } from '../../tables/sample-weight.ts';
export { columnError, namedColumn, type NamedColumn, type TableHead } from '../../tables/columns.ts';
export type { DataTable, TableFindings, TableRecord } from '../../tables/data-table.ts';
export {
  findSplitColumn,
  SPLIT_OPTIONS,
  type FoundSplitColumn,
  type SplitColumn,
  type SplitColumnRequest,
} from '../../tables/split-column.ts';
export { firstRecords } from '../../tables/first-records.ts';
export { checkFreeLabels, type LabelSource } from '../../tables/free-labels.ts';
export { joinedLabelsWarning } from '../../tables/joined-labels.ts';
export {
  indicatorColumns,
  labelCells,
  labelsNeverSet,
  onesAndZeros,
  type FoundLabels,
  type LabelCellOptions,
  type LabelColumn,
} from '../../tables/label-column.ts';
export { lookAtTable, type ColumnLook, type TableLook } from '../../tables/look-at-table.ts';
export { openTable } from '../../tables/open-table.ts';
export { namesPicture } from '../../tables/picture-names.ts';
export { Spool } from '../../tables/spool.ts';
export { tableFindings, tableNotes } from '../../tables/table-notes.ts';
export { TABLE_OPTION_NAMES, TABLE_OPTIONS, type TableOption } from '../../tables/table-options.ts';
export { boxPart, USUAL_NAMES, type BoxPart, type ColumnRole } from '../../tables/usual-names.ts';
export { readLines, readUtf8, utf8Chunks } from '../../tables/utf8-file.ts';
export { inputName, inputText, pathOfUrl, type InputContent } from '../../domains/model-input.ts';
export type {
  ExampleSample,
  Inspection,
  LabelCounts,
  ObjectCounts,
  SplitCounts,
  Unchecked,
} from '../../inspection/inspection.ts';
export type { PictureView, SampleView } from '../../tasks/sample-view.ts';
export type { InspectOptions, InspectRequest, InspectResult } from '../../runtime/inspect-target.ts';
export type { ViewedSample, ViewRequest } from '../../runtime/view-samples.ts';
export type { Cleaned } from '../../inspection/cleaned.ts';
export type { Duplicates } from '../../inspection/duplicate-warnings.ts';
export type { InputLimit } from '../../domains/input-limit.ts';
export type { ReadingReport, UnlabelledReading } from '../../runs/reading-report.ts';
