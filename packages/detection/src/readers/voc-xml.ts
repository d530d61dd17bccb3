import { stat } from 'node:fs/promises';
import { HeadstartError } from '@headstart/core';
import { utf8Chunks } from '@headstart/core/readers';
import { SaxesParser } from 'saxes';
import type { Size } from '../boxes/box.ts';

/** One object of a Pascal VOC file; numbers as they are written. */
export interface VocObject {
  readonly name: string;
  readonly difficult: boolean;
  readonly xmin: number;
  readonly ymin: number;
  readonly xmax: number;
  readonly ymax: number;
}

export interface VocAnnotation {
  readonly filename?: string;
  /** Absent where the file does not say, or says 0. */
  readonly size?: Size;
  readonly objects: readonly VocObject[];
}

/** A crowded picture's annotations have some hundred kilobytes. */
const LARGEST = 16 * 2 ** 20;

const TEXTS = new Set([
  'annotation/filename',
  'annotation/size/width',
  'annotation/size/height',
  'annotation/object/name',
  'annotation/object/difficult',
  ...['xmin', 'ymin', 'xmax', 'ymax'].map((side) => `annotation/object/bndbox/${side}`),
]);

/**
 * Reads a Pascal VOC annotation file (Everingham et al., 2010). Entities that a document declares are
 * refused, not expanded.
 * @throws HeadstartError `target-unreadable` with file, line and column; `label-invalid` for an object without a name
 */
export async function readVocXml(path: string): Promise<VocAnnotation> {
  const parser = new SaxesParser();
  const place: string[] = [];
  const found: Record<string, string> = {};
  const objects: Record<string, string>[] = [];
  const wrong = (
    why: string,
    hint = 'Write the file again as Pascal VOC has it.',
    code: 'target-unreadable' | 'label-invalid' = 'target-unreadable',
  ) => new HeadstartError({ code, message: `${path}: ${why}.`, hint });
  parser.on('error', (error) => {
    throw wrong(`it is not well-formed XML (${error.message})`);
  });
  parser.on('doctype', (text) => {
    if (/<!ENTITY/i.test(text))
      throw wrong('it declares entities, which can expand to any size', 'Remove the DOCTYPE; annotations need none.');
  });
  parser.on('opentag', ({ name }) => {
    place.push(name);
    if (place.join('/') === 'annotation/object') objects.push({});
  });
  parser.on('text', (text) => {
    const at = place.join('/');
    if (!TEXTS.has(at)) return;
    const into = at.startsWith('annotation/object/') ? objects.at(-1)! : found;
    into[at] = (into[at] ?? '') + text;
  });
  parser.on('closetag', () => void place.pop());
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  ); // opening it says why there is none
  if (bytes > LARGEST) throw wrong(`it has ${bytes} bytes, more than the limit of ${LARGEST}`);
  for await (const chunk of utf8Chunks(path)) parser.write(chunk.toString('utf8'));
  parser.close();
  const size = {
    width: Number(found['annotation/size/width'] ?? 0),
    height: Number(found['annotation/size/height'] ?? 0),
  };
  return {
    filename: found['annotation/filename']?.trim() || undefined,
    ...(size.width > 0 && size.height > 0 && { size }),
    objects: objects.map((fields, i) => objectOf(fields, `object ${i + 1}`, wrong)),
  };
}

function objectOf(
  fields: Readonly<Record<string, string>>,
  what: string,
  wrong: (why: string, hint?: string, code?: 'label-invalid') => HeadstartError,
): VocObject {
  const text = (name: string) => fields[`annotation/object/${name}`]?.trim() ?? '';
  const side = (name: string) => (text(`bndbox/${name}`) === '' ? NaN : Number(text(`bndbox/${name}`)));
  const name = text('name');
  if (name === '') throw wrong(`${what} has no name`, 'Say what it shows, or remove it.', 'label-invalid');
  return {
    name,
    difficult: text('difficult') === '1',
    xmin: side('xmin'),
    ymin: side('ymin'),
    xmax: side('xmax'),
    ymax: side('ymax'),
  };
}
