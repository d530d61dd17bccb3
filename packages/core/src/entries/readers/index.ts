export type { RecognisedLayout } from '../../domains/reader.ts';
export type {
  DataWarning,
  PassedOver,
  ReadingNotes,
  TableNotes,
  UnlabelledSample,
} from '../../domains/reading-notes.ts';
export { canonicalLabel } from '../../domains/labels.ts';
export { splitTarget } from '../../domains/splits.ts';
export type { ClassFolderKind } from '../../folders/class-folder-kind.ts';
export {
  detectClassFolders,
  listClassFolders,
  type ClassFile,
  type ClassFolders,
} from '../../folders/class-folders.ts';
export { fileFinder, type FileFinder } from '../../folders/file-finder.ts';
export { isLeftover } from '../../folders/side-files.ts';
export { SPLIT_WORDS, splitNamed } from '../../folders/split-names.ts';
export { byCodeUnit } from '../../domains/by-code-unit.ts';
export { filesBelow, listFolder, type Entry } from '../../folders/walk.ts';
export type { TableRow } from '../../tables/csv-rows.ts';
export {
  glanceAtCsv,
  openCsvTable,
  type CsvTable,
  type CsvTableRequest,
  type DataRow,
} from '../../tables/csv-table.ts';
export type { DataTable, TableRecord } from '../../tables/data-table.ts';
export { columnError, namedColumn } from '../../tables/columns.ts';
export {
  findSplitColumn,
  SPLIT_OPTIONS,
  type FoundSplitColumn,
  type SplitColumn,
  type SplitColumnRequest,
} from '../../tables/split-column.ts';
export { readLines, readUtf8, utf8Chunks } from '../../tables/utf8-file.ts';
export { inputName, inputText, pathOfUrl, type InputContent } from '../../domains/model-input.ts';
export type {
  ExampleSample,
  Inspection,
  LabelCounts,
  ObjectCounts,
  SplitCounts,
} from '../../inspection/inspection.ts';
export type { PictureView, SampleView } from '../../tasks/sample-view.ts';
export type { InspectRequest } from '../../runtime/inspect-target.ts';
