import type { SplitName } from '@headstart/core';
import { openTable } from '@headstart/core/readers';
import { annotationError } from './annotation-error.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { isFields, type Fields } from './json-fields.ts';
import { LABEL_STUDIO_FORM, whichAnnotation } from './label-studio-options.ts';
import { LabelStudioProject, type LabelStudioAnnotation } from './label-studio-task.ts';
import { cellJson } from './table-cells.ts';

/** Rows of Label Studio's JSON-MIN and CSV: one for each annotation, those of one task behind one another. */
export class LabelStudioRows {
  #group: { id: unknown; place: string; data: Fields; annotations: LabelStudioAnnotation[] } | undefined;

  constructor(
    private readonly project: LabelStudioProject,
    private readonly file: { readonly source: string; readonly split?: SplitName },
  ) {}

  add(row: Fields, place: string): void {
    if (this.#group && (row['id'] === undefined || row['id'] !== this.#group.id)) this.end();
    this.#group ??= { id: row['id'], place, data: row, annotations: [] };
    if (isAnnotated(row)) this.#group.annotations.push({ results: regionsIn(row), cancelled: false, truth: false });
  }

  end(): void {
    if (this.#group) this.project.add({ ...this.file, ...this.#group });
    this.#group = undefined;
  }
}

/** Whether a row is that of an annotation: tasks that nobody has annotated have rows without its id. */
function isAnnotated(row: Fields): boolean {
  const id = row['annotation_id'] ?? row['annotator'];
  return (id !== undefined && id !== null && id !== '') || regionsIn(row).length > 0;
}

/** The regions of a row: the lists of objects among its members. */
function regionsIn(row: Fields): unknown[] {
  return Object.values(row).flatMap((value) => (Array.isArray(value) && value.every(isFields) ? value : []));
}

/** Reads Label Studio's export "CSV", whose cells hold regions as JSON. @throws HeadstartError as `readLabelStudioJson` */
export async function readLabelStudioCsv(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  set.stateForm(LABEL_STUDIO_FORM, path);
  const project = new LabelStudioProject(set, whichAnnotation(options['annotation']));
  const rows = new LabelStudioRows(project, { source: path, split });
  const table = await openTable(path, options);
  for await (const { line, values, fault } of table.records()) {
    const place = `${table.unit} ${line}`;
    if (fault !== undefined) throw annotationError(path, `${place}: ${fault}`, 'Export the project again.');
    const cell = (value: unknown) =>
      typeof value === 'string' && /^\s*\[/.test(value) ? (cellJson(value) ?? value) : value;
    rows.add(Object.fromEntries(table.columns.map((name, column) => [name, cell(values[column])])), place);
  }
  rows.end();
  project.end();
}
