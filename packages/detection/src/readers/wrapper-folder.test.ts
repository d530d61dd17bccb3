import { join } from 'node:path';
import type { Reader } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { labelme } from '../annotations/labelme.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { cocoJson } from './coco-json.ts';
import { pascalVoc } from './pascal-voc.ts';
import { read, Scratch, seen } from './readers.test.support.ts';
import { yoloFolder } from './yolo-folder.ts';

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

const coco = {
  images: [{ id: 1, file_name: 'a.jpg' }],
  categories: [{ id: 1, name: 'dog' }],
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [40, 20, 20, 40] }],
};
const voc =
  '<annotation><object><name>dog</name><bndbox><xmin>41</xmin><ymin>21</ymin><xmax>60</xmax><ymax>60</ymax></bndbox></object></annotation>';
const shapes = [
  {
    label: 'dog',
    shape_type: 'rectangle',
    points: [
      [40, 20],
      [60, 60],
    ],
  },
];

const SETS: readonly [
  name: string,
  reader: Reader<DetectionSample>,
  files: Readonly<Record<string, string | object>>,
][] = [
  ['coco', cocoJson, { 'annotations/a.json': coco }],
  ['yolo', yoloFolder, { 'data.yaml': 'train: images\nnames: [dog]', 'labels/a.txt': '0 0.5 0.5 0.2 0.5' }],
  ['voc', pascalVoc, { 'Annotations/a.xml': voc }],
  ['labelme', labelme, { 'images/a.json': { version: '5.0', flags: {}, imagePath: 'a.jpg', shapes } }],
];

async function put(folder: string, files: Readonly<Record<string, string | object>>): Promise<void> {
  await scratch.put(`${folder}images/a.jpg`);
  for (const [path, content] of Object.entries(files)) await scratch.put(folder + path, content);
}

const objects = (data: Awaited<ReturnType<typeof read>>) => seen(data).map(({ objects: found }) => found);

it.each(SETS)('a %s set in the only folder of a folder is read', async (_, reader, files) => {
  await put('my-export/', files);
  await scratch.put('README.md', '# From a site');
  await scratch.put('__MACOSX/._a', '');
  expect(await reader.detect(scratch.root)).toBeGreaterThanOrEqual(0.85);
  expect(objects(await read(reader, scratch.root))).toEqual([[['dog', 40, 20, 20, 40]]]);
});

it.each(SETS.slice(0, 3))('that a %s set lies two folders deep is said', async (_, reader, files) => {
  await put('export/my set/', files);
  const data = await read(reader, scratch.root);
  expect(objects(data)).toEqual([[['dog', 40, 20, 20, 40]]]);
  expect(data.notes!.remarks).toEqual([expect.stringMatching(/ in export(\/my set)?, the only folder/)]);
  expect(data.samples[0]!.sample.id).toMatch(/^(my set\/)?images\/a\.jpg$/);
});

it.each(SETS)('nothing is said where a %s set lies in the folder itself', async (_, reader, files) => {
  await put('', files);
  expect((await read(reader, scratch.root)).notes!.remarks ?? []).toEqual([]);
});

it('folders with others beside them, and parts of a set, are not entered', async () => {
  await put('one/', SETS[0]![2]);
  await put('two/', SETS[0]![2]);
  expect(await cocoJson.detect(scratch.root)).toBe(0);
  await refusalOf(read(cocoJson, scratch.root), 'target-unreadable', 'no COCO file');
  await put('images/set/', SETS[0]![2]);
  expect(await cocoJson.detect(join(scratch.root, 'images'))).toBeGreaterThan(0);
  expect(await cocoJson.detect(join(scratch.root, 'images/set/annotations/none'))).toBe(0);
});

it('what is known and not read is named where it lies in a wrapper', async () => {
  await scratch.put('export/images/a.jpg');
  await scratch.put('export/annotations.json', '{"images": [');
  expect((await cocoJson.recognise!(scratch.root))?.layout).toContain('annotations.json');
});
