import { jsonItems } from '../readers/json-items.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { isFields, member, type Fields } from './json-fields.ts';
import { LABEL_STUDIO_FORM, whichAnnotation } from './label-studio-options.ts';
import { LabelStudioRows } from './label-studio-rows.ts';
import { LabelStudioProject, type LabelStudioAnnotation } from './label-studio-task.ts';

/**
 * Reads Label Studio's exports "JSON", a list of tasks with their annotations, and "JSON-MIN", a list of annotations
 * (https://labelstud.io/guide/export).
 * @throws HeadstartError `target-unreadable`, `invalid-option`
 */
export async function readLabelStudioJson(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  set.stateForm(LABEL_STUDIO_FORM, path);
  const project = new LabelStudioProject(set, whichAnnotation(options['annotation']));
  const rows = new LabelStudioRows(project, { source: path, split });
  for await (const { index, value } of jsonItems(path)) {
    if (index === undefined) throw annotationError(path, 'it is not a list of tasks', 'Export the project as JSON.');
    const place = placeOf(value, index);
    if (!isFields(value)) throw annotationError(path, `${place} is ${shown(value)}`, 'Export the project again.');
    if (!isFields(value['data'])) rows.add(value, place);
    else
      project.add({
        source: path,
        place,
        data: value['data'],
        upload: value['file_upload'],
        annotations: annotationsIn(path, place, value),
        split,
      });
  }
  rows.end();
  project.end();
}

function placeOf(task: unknown, index: number): string {
  const id = member(task, 'id');
  return typeof id === 'number' || typeof id === 'string' ? `task ${id}` : `task ${index + 1} of the list`;
}

function annotationsIn(path: string, place: string, task: Fields): LabelStudioAnnotation[] {
  const written = task['annotations'] ?? task['completions'] ?? [];
  if (!Array.isArray(written))
    throw annotationError(path, `${place} has ${shown(written)} for "annotations"`, 'Export the project again.');
  return written.map((annotation: unknown) => {
    const results = member(annotation, 'result');
    if (!Array.isArray(results)) {
      throw annotationError(
        path,
        `${place} has an annotation with ${shown(results)} for "result"`,
        'Export the project as "JSON", not as a snapshot of ids.',
      );
    }
    return {
      results,
      cancelled: member(annotation, 'was_cancelled') === true,
      truth: member(annotation, 'ground_truth') === true,
    };
  });
}
