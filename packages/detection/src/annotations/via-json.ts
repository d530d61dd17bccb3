import { jsonItems } from '../readers/json-items.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { isFields, member, textIn } from './json-fields.ts';
import { addRegion, classAttribute, countAttributes, type ViaRegion } from './via-region.ts';

/** A picture of a VIA file. */
interface ViaPicture {
  readonly key: string;
  readonly file: string;
  readonly regions: readonly ViaRegion[];
}

/**
 * Reads the annotations or a project of VIA 1 or 2 (https://www.robots.ox.ac.uk/~vgg/software/via/), as JSON.
 * @throws HeadstartError `target-unreadable`, `invalid-option`
 */
export async function readViaJson(
  { path, split }: AnnotationFile,
  set: AnnotatedSet,
  options: Readonly<Record<string, string>>,
): Promise<void> {
  const counted = new Map<string, number>();
  for await (const { regions } of viaPictures(path)) for (const region of regions) countAttributes(region, counted);
  const attribute = classAttribute(path, counted, options['attribute']);
  let listed = 0;
  for await (const { key, file, regions } of viaPictures(path)) {
    const picture = set.addPicture({ source: path, file, place: brief(key), split });
    regions.forEach((region, i) => addRegion(set, picture, region, i + 1, attribute));
    listed++;
  }
  if (listed === 0) throw annotationError(path, 'it lists no pictures', 'Export the annotations again, as JSON.');
}

async function* viaPictures(path: string): AsyncGenerator<ViaPicture> {
  for await (const { key, index, value } of jsonItems(path)) {
    if (key === '_via_img_metadata') {
      if (!isFields(value)) throw annotationError(path, `"${key}" is ${shown(value)}`, 'Save the project again.');
      for (const [inner, picture] of Object.entries(value)) yield pictureIn(path, inner, picture);
    } else if (index === undefined && !key.startsWith('_via_')) yield pictureIn(path, key, value);
  }
}

function pictureIn(path: string, key: string, value: unknown): ViaPicture {
  const file = textIn(member(value, 'filename'));
  const regions = member(value, 'regions');
  if (file === undefined)
    throw annotationError(path, `${shown(key)} has no "filename"`, 'Give every picture the name of its file.');
  if (!Array.isArray(regions) && !isFields(regions)) {
    throw annotationError(
      path,
      `${shown(key)} has ${shown(regions)} for "regions"`,
      'Give a list, an empty one where nothing is to be found.',
    );
  }
  const listed: unknown[] = Array.isArray(regions) ? regions : Object.values(regions);
  return {
    key,
    file,
    regions: listed.map((region) => ({
      shape: member(region, 'shape_attributes'),
      attributes: member(region, 'region_attributes'),
    })),
  };
}
