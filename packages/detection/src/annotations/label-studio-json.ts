import { HeadstartError } from '@headstart/core';
import { jsonItems } from '../readers/json-items.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { isFields, member, type Fields } from './json-fields.ts';
import { LabelStudioProject, type LabelStudioAnnotation, type WhichAnnotation } from './label-studio-task.ts';

/**
 * Reads Label Studio's exports "JSON" and "JSON-MIN" (https://labelstud.io/guide/export). The first lists tasks with their
 * annotations, the second annotations: those of one task follow one another.
 * @throws HeadstartError `target-unreadable`, `invalid-option`
 */
export async function readLabelStudioJson(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const project = new LabelStudioProject(set, whichAnnotation(options['annotation']));
  let group: { id: unknown; place: string; data: Fields; annotations: LabelStudioAnnotation[] } | undefined;
  const flush = () => {
    if (group) project.add({ source: path, split, ...group });
    group = undefined;
  };
  for await (const { index, value } of jsonItems(path)) {
    if (index === undefined) throw annotationError(path, 'it is not a list of tasks', 'Export the project as JSON.');
    const place = placeOf(value, index);
    if (!isFields(value)) throw annotationError(path, `${place} is ${shown(value)}`, 'Export the project again.');
    if (isFields(value['data'])) {
      project.add({
        source: path,
        place,
        data: value['data'],
        upload: value['file_upload'],
        annotations: annotationsIn(path, place, value),
        split,
      });
    } else {
      if (group && (value['id'] === undefined || value['id'] !== group.id)) flush();
      group ??= { id: value['id'], place, data: value, annotations: [] };
      group.annotations.push({ results: regionsIn(value), cancelled: false, truth: false });
    }
  }
  flush();
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

/** The regions of a row of JSON-MIN: the lists of objects among its members. */
export function regionsIn(row: Fields): unknown[] {
  return Object.values(row).flatMap((value) => (Array.isArray(value) && value.every(isFields) ? value : []));
}

/** @throws HeadstartError `invalid-option` */
export function whichAnnotation(asked = 'last'): WhichAnnotation {
  if (asked === 'first' || asked === 'last') return asked;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option annotation=${asked} is not known.`,
    hint: 'Give annotation=first or annotation=last: which of several annotations of a picture counts.',
  });
}
