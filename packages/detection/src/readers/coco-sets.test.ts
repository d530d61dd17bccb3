import { refusalOf } from '@headstart/core/testing';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cocoJson } from './coco-json.ts';
import { read, Scratch, seen, warned } from './readers.test.support.ts';

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

const image = (id: unknown, file_name: string) => ({ id, file_name, width: 100, height: 80 });
const box = (id: unknown, image_id: unknown, more: object = {}) => ({
  id,
  image_id,
  category_id: 1,
  bbox: [10, 20, 30, 40],
  ...more,
});
const categories = [{ id: 1, name: 'cup' }];
const cup = ['cup', 10, 20, 30, 40];
const set = (images: object[], annotations: object[]) => ({ images, categories, annotations });
const one = set([image(1, 'a.jpg')], [box(1, 1)]);

/** Reads the scratch folder, of which the reader has to be sure. */
async function whole(options?: Record<string, string>, skipBad?: boolean) {
  expect(await cocoJson.detect(scratch.root)).toBeGreaterThanOrEqual(0.85);
  return read(cocoJson, scratch.root, options, skipBad);
}
const noted = async () => (await whole()).notes!.passedOver!.map(({ what, count }) => `${count} ${what}`);

describe('pictures of COCO files', () => {
  it.each([
    'images\\a.jpg',
    '/data/me/set/images/a.jpg',
    '../../label-studio/media/upload/4/a.jpg',
    '/data/local-files/?d=images/a.jpg',
    'images/A.JPG',
    'images/%61.jpg',
    'a.jpg',
  ])('are found where file_name is %s', async (name) => {
    await scratch.put('images/a.jpg');
    await scratch.put('set.json', set([image(1, name)], [box(1, 1)]));
    expect(seen(await whole())).toEqual([{ id: 'images/a.jpg', split: undefined, objects: [cup] }]);
  });

  it('may lie in several folders; a split keeps to its own', async () => {
    await scratch.put('train2017/a.jpg');
    await scratch.put('val2017/b.jpg');
    const both = set([image(1, 'a.jpg'), image(2, 'b.jpg')], [box(1, 1)]);
    await scratch.put('annotations/all.json', both);
    expect(seen(await whole()).map(({ id }) => id)).toEqual(['train2017/a.jpg', 'val2017/b.jpg']);
    await rm(join(scratch.root, 'annotations/all.json'));
    await scratch.put('annotations/instances_train2017.json', both);
    await refusalOf(whole(), 'sample-unreadable', 'image 2', 'b.jpg', 'train2017');
  });

  it('that are missing are left out on request, and all missing is an error', async () => {
    await scratch.put('b.jpg');
    await scratch.put('set.json', set([image(1, 'a.jpg'), image(2, 'b.jpg')], [box(1, 2)]));
    await refusalOf(whole(), 'sample-unreadable', 'a.jpg', '--skip-bad');
    const data = await whole({}, true);
    expect(data.samples).toHaveLength(1);
    expect(data.skipped).toEqual([{ id: 'a.jpg', reason: expect.stringContaining('no file a.jpg') as string }]);
    await rm(join(scratch.root, 'b.jpg'));
    await refusalOf(whole({}, true), 'sample-unreadable', '2 of 2 pictures are missing');
  });
});

describe('ids and sizes in COCO files', () => {
  it.each([
    ['numbers and texts', 1, '1'],
    ['above 2^53, which only their last digits tell apart', '12345678901234567891', '12345678901234567891'],
  ])('are %s', async (_, id, reference) => {
    await scratch.put('a.jpg');
    await scratch.put('b.jpg');
    const text = JSON.stringify(set([image('ID', 'a.jpg'), image('OTHER', 'b.jpg')], [box(1, 'REF')]));
    const long = String(id).length > 15;
    const raw = (value: unknown) => (long || typeof value === 'number' ? String(value) : JSON.stringify(value));
    await scratch.put(
      'set.json',
      text
        .replace('"ID"', raw(id))
        .replace('"REF"', raw(reference))
        .replace('"OTHER"', long ? '12345678901234567892' : '2'),
    );
    expect(seen(await whole()).map(({ objects }) => objects)).toEqual([[cup], []]);
  });

  it('of annotations may be absent or repeat: they are given new ones, and that is said', async () => {
    await scratch.put('a.jpg');
    await scratch.put('set.json', set([image(1, 'a.jpg')], [box(7, 1), box(7, 1), box(undefined, 1), box('1', 1)]));
    const data = await whole();
    expect(data.samples[0]!.sample.objects.map(({ id }) => id)).toEqual([7, 2, 3, '1']);
    expect(await noted()).toEqual(['2 annotation ids that are absent or repeat, for which new ones are taken']);
  });

  it.each([0, null])('a size of %j is taken from the picture, and that is said', async (width) => {
    await scratch.put('a.jpg');
    await scratch.put('set.json', set([{ ...image(1, 'a.jpg'), width, height: width }], [box(1, 1)]));
    expect((await whole()).samples[0]!.sample).toMatchObject({ width: 100, height: 80 });
    expect(await noted()).toEqual(['1 sizes of 0, for which the pictures’ own are taken']);
  });

  it('an outline without a box has the box around it, whatever the form of the others', async () => {
    await scratch.put('a.jpg');
    const outline = {
      bbox: [],
      segmentation: [
        [10, 20, 40, 20, 40, 60],
        [12, 22, 14, 22, 13, 30],
      ],
    };
    await scratch.put(
      'set.json',
      set([image(1, 'a.jpg')], [box(1, 1, outline), box(2, 1, { bbox: [0, 0, 0.5, 0.5] })]),
    );
    const data = await whole({ boxes: 'fractions' });
    expect(seen(data)[0]!.objects).toEqual([cup, ['cup', 0, 0, 50, 40]]);
    expect(data.samples[0]!.sample.objects.map(({ area }) => area)).toEqual([1200, 2000]);
    expect(await noted()).toEqual(['1 outlines without a box, for which the box around them is taken']);
    await scratch.put('set.json', set([image(1, 'a.jpg')], [box(1, 1, { bbox: undefined, segmentation: [] })]));
    await refusalOf(whole(), 'sample-unreadable', 'annotation 1', 'null');
  });
});

describe('JSON files of a folder', () => {
  it('that are none of COCO’s are passed over, and that is said', async () => {
    await scratch.put('images/a.jpg');
    await scratch.put('result.json', one);
    await scratch.put('notes.json', { categories, info: { year: 2024 } });
    await scratch.put('package.json', { name: 'x' });
    await scratch.put('predictions.json', [{ image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], score: 0.5 }]);
    expect((await whole()).samples).toHaveLength(1);
    expect(await noted()).toEqual(['3 JSON files that are not COCO files']);
  });

  it('with keypoints are read where there are no better ones', async () => {
    await scratch.put('images/a.jpg');
    await scratch.put('annotations/person_keypoints_default.json', one);
    expect(seen(await whole())[0]!.objects).toEqual([cup]);
    await scratch.put('annotations/instances_default.json', set([image(1, 'a.jpg')], [box(1, 1), box(2, 1)]));
    expect(seen(await whole())[0]!.objects).toHaveLength(2);
    expect(await noted()).toEqual(['1 COCO files of other tasks']);
  });

  it('without split names are one set; some with and some without are refused', async () => {
    await scratch.put('images/a.jpg');
    await scratch.put('images/b.jpg');
    await scratch.put('first.json', one);
    await scratch.put('second.json', set([image(1, 'b.jpg')], [box(1, 1)]));
    expect(seen(await whole()).map(({ id, split }) => [id, split])).toEqual([
      ['images/a.jpg', undefined],
      ['images/b.jpg', undefined],
    ]);
    await scratch.put('test.json', set([image(1, 'c.jpg')], [box(1, 1)]));
    await refusalOf(whole(), 'target-unreadable', '3 COCO files', 'first.json');
  });

  it('of which a split’s is no COCO file are refused by the name of what it is', async () => {
    await scratch.put('train/a.jpg');
    await scratch.put('val/b.jpg');
    await scratch.put('annotations/val.json', set([image(1, 'b.jpg')], [box(1, 1)]));
    const lines = `${JSON.stringify(image(1, 'a.jpg'))}\n${JSON.stringify(image(2, 'b.jpg'))}\n`;
    await scratch.put('annotations/train.json', lines);
    await refusalOf(whole(), 'target-unreadable', 'train.json', 'JSON Lines');
  });

  it.each<[string, string | object]>([
    ['JSON Lines', `${JSON.stringify(image(1, 'a.jpg'))}\n${JSON.stringify(image(2, 'b.jpg'))}\n`],
    ['a bare list of annotations', [box(1, 1)]],
    ['FiftyOne', { classes: ['cup'], labels: { a: [{ label: 0, bounding_box: [0.1, 0.1, 0.2, 0.2] }] } }],
    ['not valid JSON', '{"images": [{"file_name": "a.jpg"'],
  ])('that hold boxes as %s are recognised and not read', async (form, content) => {
    await scratch.put('data/a.jpg');
    await scratch.put('labels.json', content);
    expect(await cocoJson.detect(scratch.root)).toBe(0);
    expect((await cocoJson.recognise!(scratch.root))?.layout).toContain(form);
    expect((await cocoJson.recognise!(join(scratch.root, 'labels.json')))?.layout).toContain(form);
    await refusalOf(read(cocoJson, scratch.root), 'target-unreadable', 'labels.json', form);
    await scratch.put('labels.json', { version: 2 });
    expect(await cocoJson.recognise!(scratch.root)).toBeUndefined();
  });

  it('with pictures and no box beside others are warned of, and left out with unannotated=leave-out', async () => {
    await scratch.put('train/a.jpg');
    await scratch.put('test/b.jpg');
    await scratch.put('annotations/train.json', one);
    await scratch.put('annotations/test.json', set([image(1, 'b.jpg')], []));
    const data = await whole();
    expect(warned(data)).toEqual(['split-without-boxes']);
    expect(data.samples).toHaveLength(2);
    const without = await whole({ unannotated: 'leave-out' });
    expect(seen(without).map(({ id }) => id)).toEqual(['train/a.jpg']);
    expect(warned(without)).toEqual([]);
    await refusalOf(whole({ unannotated: 'no' }), 'invalid-option', 'unannotated=no');
  });

  it('name categories without a box, which are no labels', async () => {
    await scratch.put('a.jpg');
    await scratch.put('set.json', { ...one, categories: [{ id: 0, name: 'things' }, ...categories] });
    expect((await whole()).labels).toEqual(['cup']);
    expect(await noted()).toEqual(['1 categories without a box']);
  });
});

describe('what is no COCO set', () => {
  it('is two files of the same pictures, which are named', async () => {
    await scratch.put('a.jpg');
    for (const name of ['one.json', 'two.json']) await scratch.put(name, one);
    await refusalOf(whole(), 'target-unreadable', 'a.jpg', 'one.json', 'two.json');
    expect(seen(await read(cocoJson, join(scratch.root, 'one.json')))).toHaveLength(1);
  });

  it.each([
    ['cut off in its first list', 'annotations.json', '{"images": ['],
    ['cut off at once', 'instances_train.json', '{'],
    ['empty', '_annotations.coco.json', ''],
    ['without annotations', 'annotations.json', '{"images": []}'],
    ['of pictures alone', 'a.json', { images: [image(1, 'a.jpg')] }],
    ['whose annotations are no list', 'a.json', { images: [image(1, 'a.jpg')], annotations: {} }],
  ])('is a file %s: it is named', async (_, name, content) => {
    await scratch.put('images/a.jpg');
    await scratch.put(name, content);
    expect(await cocoJson.detect(scratch.root)).toBe(0);
    const found = await cocoJson.recognise!(scratch.root);
    expect(found?.layout).toContain(name);
    expect(found!.hint.length).toBeGreaterThan(10);
  });

  it.each([
    ['package.json', '{"name": "a"'],
    ['notes.json', ''],
    ['meta.json', { images: [] }],
  ])('%s of something else is passed over', async (name, content) => {
    await scratch.put(name, content);
    expect(await cocoJson.recognise!(scratch.root)).toBeUndefined();
  });
});
