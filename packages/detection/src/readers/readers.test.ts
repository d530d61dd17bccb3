import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { silentProgress, type HeadstartError, type Reader, type ReadOptions } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DetectionSample } from '../data/detection-sample.ts';
import { cocoJson } from './coco-json.ts';
import { pascalVoc } from './pascal-voc.ts';
import { yoloFolder } from './yolo-folder.ts';

const options: ReadOptions = { skipBad: false, progress: silentProgress, options: {} };
const skipping: ReadOptions = { ...options, skipBad: true };
let root: string;
let picture: Buffer;
let turned: Buffer;

beforeAll(async () => {
  const plain = sharp({ create: { width: 100, height: 80, channels: 3, background: '#36a' } });
  picture = await plain.clone().jpeg().toBuffer();
  turned = await plain.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
});
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-detection-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Buffer | string | object = picture): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content));
  return whole;
}

const read = (reader: Reader<DetectionSample>, path = root, how = options) => reader.read(path, how);
const seen = ({ samples }: Awaited<ReturnType<typeof read>>) =>
  samples.map(({ sample, split }) => [sample.id, split, sample.objects.map(({ box, label }) => [label, ...box])]);

/** The refusal, whose message, and not only its hint, is to have these words. */
async function failure(work: Promise<unknown>, code: string, ...words: string[]): Promise<HeadstartError> {
  const error = await refusalOf(work, code);
  for (const word of words) expect(error.message).toContain(word);
  return error;
}

describe('coco-json', () => {
  const image = (id: number, file_name: string) => ({ id, file_name, width: 100, height: 80 });
  const annotation = { id: 5, image_id: 1, category_id: 9, bbox: [10, 20, 30, 40], area: 700, iscrowd: 0 };
  const set = {
    images: [image(1, 'a.jpg'), image(2, 'b.jpg')],
    categories: [
      { id: 9, name: 'cup' },
      { id: 2, name: 'dog' },
      { id: 1, name: 'unused' },
    ],
    annotations: [annotation, { id: 6, image_id: 1, category_id: 2, bbox: [90, -5, 30, 20], iscrowd: 1 }],
  };
  const withPictures = async (document: object = set, folder = '') => {
    await put(`${folder}a.jpg`);
    await put(`${folder}b.jpg`);
    return put(`${folder}set.json`, document);
  };

  it('reads a file with its pictures: labels that occur, by id, boxes cut to the picture, negatives', async () => {
    const file = await withPictures();
    expect(await cocoJson.detect(file)).toBeGreaterThan(0.8);
    expect(await cocoJson.detect(root)).toBeGreaterThan(0.8);
    const data = await read(cocoJson, file);
    expect(data.labels).toEqual(['dog', 'cup']);
    expect(seen(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          [1, 10, 20, 30, 40],
          [0, 90, 0, 10, 15],
        ],
      ],
      ['b.jpg', undefined, []],
    ]);
    const { objects, width, height, image: where } = data.samples[0]!.sample;
    expect(objects.map(({ id, crowd, area }) => [id, crowd, area])).toEqual([
      [5, false, 700],
      [6, true, 600],
    ]);
    expect([width, height, where]).toEqual([100, 80, { kind: 'file', path: join(root, 'a.jpg') }]);
    // What depends on the picture is found by its bytes alone.
    expect(data.samples[0]!.sample.digest).toBe(data.samples[1]!.sample.digest);
  });

  it('takes splits from the names of files and folders, as COCO and exporters lay them out', async () => {
    for (const split of ['train2017', 'val2017']) {
      await put(`${split}/${split}.jpg`);
      await put(`annotations/instances_${split}.json`, { ...set, images: [image(1, `${split}.jpg`)] });
      await put(`annotations/captions_${split}.json`, {});
    }
    expect(seen(await read(cocoJson)).map(([id, split]) => [id, split])).toEqual([
      ['train2017/train2017.jpg', 'train'],
      ['val2017/val2017.jpg', 'validation'],
    ]);
    await rm(root, { recursive: true });
    for (const split of ['train', 'valid', 'test']) {
      await put(`${split}/a.jpg`);
      await put(`${split}/_annotations.coco.json`, { ...set, images: [image(1, 'a.jpg')] });
    }
    expect(seen(await read(cocoJson)).map(([id, split]) => [id, split])).toEqual([
      ['test/a.jpg', 'test'],
      ['train/a.jpg', 'train'],
      ['valid/a.jpg', 'validation'],
    ]);
  });

  it('finds pictures in images/ beside the annotations, or beside their folder', async () => {
    await put('images/a.jpg');
    const file = await put('labels/train.json', { ...set, images: [image(1, 'a.jpg')] });
    expect((await read(cocoJson, file)).samples).toHaveLength(1);
  });

  it('numbers the same labels alike in files that number categories apart', async () => {
    await put('images/a.jpg');
    await put('images/b.jpg');
    await put('train.json', { ...set, images: [image(1, 'a.jpg')], annotations: [annotation] });
    await put('test.json', {
      images: [image(1, 'b.jpg')],
      categories: [
        { id: 1, name: 'cup' },
        { id: 0, name: 'ant' },
      ],
      annotations: [
        { ...annotation, category_id: 1 },
        { ...annotation, id: 7, category_id: 0 },
      ],
    });
    const data = await read(cocoJson);
    expect(data.samples.map(({ sample }) => sample.objects.map(({ label }) => data.labels[label]))).toEqual([
      ['cup', 'ant'],
      ['cup'],
    ]);
  });

  it('takes boxes for the stored picture where only its size agrees', async () => {
    await put('a.jpg', turned);
    const upright = { ...image(1, 'a.jpg'), width: 80, height: 100 };
    const of = async (first: object) =>
      (await read(cocoJson, await put('set.json', { ...set, images: [first], annotations: [annotation] }))).samples[0]!
        .sample;
    expect(await of(upright)).toMatchObject({ width: 80, height: 100, asStored: false });
    expect(await of(image(1, 'a.jpg'))).toMatchObject({ width: 100, height: 80, asStored: true });
    await failure(of({ ...upright, width: 90 }), 'sample-unreadable', 'a.jpg', '80 x 100', '90 x 100');
  });

  it.each<[string, unknown, string]>([
    ['a negative side', [1, 2, -3, 4], 'negative side'],
    ['no area', [1, 2, 0, 4], 'no area'],
    ['a place outside', [100, 2, 3, 4], 'outside the picture of 100 x 80'],
    ['three numbers', [1, 2, 3], 'not four finite numbers'],
    ['no box', undefined, 'not four finite numbers'],
  ])('names a box with %s, and leaves its picture out with --skip-bad', async (_, bbox, why) => {
    const file = await withPictures({ ...set, annotations: [{ ...annotation, bbox }] });
    await failure(read(cocoJson, file), 'sample-unreadable', file, 'annotation 5', why);
    const { samples, skipped } = await read(cocoJson, file, skipping);
    expect(samples.map(({ sample }) => sample.id)).toEqual(['b.jpg']);
    expect(skipped).toEqual([{ id: 'a.jpg', reason: expect.stringContaining('annotation 5') as string }]);
  });

  it('names a negative side where there is no area beside it, too', async () => {
    const file = await withPictures({ ...set, annotations: [{ ...annotation, bbox: [1, 2, -3, 4], area: undefined }] });
    await failure(read(cocoJson, file), 'sample-unreadable', 'annotation 5', 'negative side');
  });

  it('names a box that is not a number, as Python writes it', async () => {
    const file = await withPictures();
    await put('set.json', JSON.stringify(set).replace('[10,', '[NaN,'));
    await failure(read(cocoJson, file), 'sample-unreadable', file, 'annotation 5', '[NaN,20,30,40]');
  });

  it('names pictures that are not there or listed twice, and a set without boxes', async () => {
    const file = await withPictures();
    await rm(join(root, 'b.jpg'));
    await failure(read(cocoJson, file), 'sample-unreadable', file, 'no file b.jpg');
    await rm(join(root, 'a.jpg'));
    await failure(read(cocoJson, file), 'sample-unreadable', 'a.jpg', file);
    await failure(read(cocoJson, await withPictures({ ...set, annotations: [] })), 'target-empty', 'no boxes');
    await failure(
      read(cocoJson, await withPictures({ ...set, images: [image(1, 'a.jpg'), image(2, 'a.jpg')] })),
      'target-unreadable',
      'a.jpg',
      'twice',
    );
    await failure(
      read(cocoJson, await withPictures({ ...set, images: set.images.map((each) => ({ ...each, id: 1 })) })),
      'target-unreadable',
      'id 1',
    );
  });

  it('refuses what is not a COCO set', async () => {
    await failure(read(cocoJson), 'target-empty', root);
    await put('a.json', set);
    await put('train.json', set);
    await failure(read(cocoJson), 'target-unreadable', 'a.json', 'does not name a split');
    expect(await cocoJson.detect(await put('other.json', { rows: [] }))).toBe(0);
    expect(await cocoJson.detect(join(root, 'none.json'))).toBe(0);
    expect(await cocoJson.detect(join(root, 'none'))).toBe(0);
    await failure(
      read(cocoJson, await put('cut.json', '{"images": [{"id": 1')),
      'target-unreadable',
      'cut.json',
      'ends in the middle',
    );
  });
});

describe('yolo-folder', () => {
  const settings = 'train: images/train\nval: images/val\nnames:\n  0: cup\n  1: dog\n';
  const whole = async (labels = '0 0.5 0.5 0.2 0.5\n1 0.1 0.1 0.4 0.2\n') => {
    await put('data.yaml', settings);
    await put('images/train/a.jpg');
    await put('images/train/b.jpg');
    await put('images/val/c.jpg');
    await put('labels/train/a.txt', labels);
    await put('labels/val/c.txt', '');
  };

  it('reads shares of the picture as pixels, outlines as their boxes', async () => {
    await whole('0 0.5 0.5 0.2 0.5\n\n1 0.1 0.1 0.4 0.2\r\n1 0.1 0.1 0.3 0.5 0.2 0.6\n');
    expect(await yoloFolder.detect(root)).toBeGreaterThan(0.8);
    const data = await read(yoloFolder);
    expect(data.labels).toEqual(['cup', 'dog']);
    const rounded = seen(data).map(([id, split, objects]) => [
      id,
      split,
      (objects as number[][]).map((numbers) => numbers.map((value) => Math.round(value * 1e9) / 1e9)),
    ]);
    expect(rounded).toEqual([
      [
        'images/train/a.jpg',
        'train',
        [
          [0, 40, 20, 20, 40],
          [1, 0, 0, 30, 16],
          [1, 10, 8, 20, 40],
        ],
      ],
      ['images/train/b.jpg', 'train', []],
      ['images/val/c.jpg', 'validation', []],
    ]);
  });

  it('reads lists of pictures, lists of names, and paths of exporters', async () => {
    await put('data.yaml', 'train: ../train/images\ntest: list.txt\nnc: 2\nnames: [cup, 7]\n');
    await put('train/images/a.jpg');
    await put('train/labels/a.txt', '1 0.5 0.5 1 1');
    await put('held/b.jpg');
    await put('held/b.txt', '0 0.5 0.5 1 1');
    await put('list.txt', './held/b.jpg\n');
    const data = await read(yoloFolder, join(root, 'data.yaml'));
    expect(data.labels).toEqual(['cup', '7']);
    expect(seen(data)).toEqual([
      ['train/images/a.jpg', 'train', [[1, 0, 0, 100, 80]]],
      ['held/b.jpg', 'test', [[0, 0, 0, 100, 80]]],
    ]);
  });

  it.each([
    ['0 0.5 0.5 0.2', 'sample-unreadable', 'line 1'],
    ['0 0.5 0.5 0.2 0.5\n0 nan 0.5 0.2 0.5', 'sample-unreadable', 'line 2'],
    ['0 0.5 0.5 -0.2 0.5', 'sample-unreadable', 'negative side'],
    ['0 0.5 0.5 0 0.5', 'sample-unreadable', 'no area'],
    ['0 1.5 0.5 0.2 0.5', 'sample-unreadable', 'outside the picture'],
    ['2 0.5 0.5 0.2 0.5', 'label-invalid', 'class 2'],
    ['-1 0.5 0.5 0.2 0.5', 'label-invalid', 'class -1'],
    ['cup 0.5 0.5 0.2 0.5', 'label-invalid', 'class cup'],
  ])('names file and line of "%s"', async (text, code, mention) => {
    await whole(text);
    await failure(read(yoloFolder), code, join('labels', 'train', 'a.txt'), mention);
  });

  it.each([
    ['train: images/train\nnames: {0: a, 2: b}', 'label-invalid', '1 is missing'],
    ['train: images/train\nnames: [a, a]', 'label-invalid', '"a"'],
    ['train: images/train\nnc: 3\nnames: [a, b]', 'label-invalid', 'nc: 3'],
    ['names: [a]', 'target-unreadable', 'no pictures to train on'],
    ['train: [', 'target-unreadable', 'cannot be read'],
    ['train: images/none\nnames: [a]', 'target-not-found', 'images/none'],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, i) => `${name}: &${name} [${new Array(10).fill(`*${'abcdefghi'[i]!}`).join(',')}]`)
        .join('\n')}\ntrain: x\nnames: *i`,
      'target-unreadable',
      'not a valid data.yaml',
    ],
  ])('names what is wrong in data.yaml: %#', async (text, code, mention) => {
    await whole();
    await put('data.yaml', text);
    await failure(read(yoloFolder), code, 'data.yaml', mention);
  });

  it('refuses a set without boxes, and leaves other folders alone', async () => {
    await whole('');
    await failure(read(yoloFolder), 'target-empty', 'no boxes');
    await put('other/settings.yaml', 'a: 1');
    expect(await yoloFolder.detect(join(root, 'other'))).toBe(0);
    expect(await yoloFolder.detect(join(root, 'none'))).toBe(0);
  });
});

describe('pascal-voc', () => {
  const object = (name: string, sides: readonly (number | string)[], more = '') =>
    `<object><name>${name}</name>${more}<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part><bndbox>${['xmin', 'ymin', 'xmax', 'ymax'].map((side, i) => `<${side}>${sides[i]}</${side}>`).join('')}</bndbox></object>`;
  const xml = (objects: string, filename = 'a.jpg') =>
    `<?xml version="1.0"?><annotation><filename>${filename}</filename><size><width>100</width><height>80</height><depth>3</depth></size>${objects}</annotation>`;

  it('reads Annotations and JPEGImages with the splits of ImageSets, pixels counted from 1', async () => {
    await put('JPEGImages/a.jpg');
    await put('JPEGImages/b.jpg');
    await put('JPEGImages/c.jpg');
    await put(
      'Annotations/a.xml',
      xml(object('dog', [1, 1, 100, 80]) + object('cat &amp; co', [11, 21, 30.5, 40], '<difficult>1</difficult>')),
    );
    await put('Annotations/b.xml', xml('', 'b.jpg'));
    await put('Annotations/c.xml', xml('', 'c.jpg'));
    await put('ImageSets/Main/train.txt', 'a\n');
    await put('ImageSets/Main/test.txt', 'b -1\n');
    expect(await pascalVoc.detect(root)).toBeGreaterThan(0.8);
    const data = await read(pascalVoc);
    expect(data.labels).toEqual(['cat & co', 'dog']);
    expect(seen(data)).toEqual([
      [
        'JPEGImages/a.jpg',
        'train',
        [
          [1, 0, 0, 100, 80],
          [0, 10, 20, 20.5, 20],
        ],
      ],
      ['JPEGImages/b.jpg', 'test', []],
    ]);
    expect(data.samples[0]!.sample.objects.map(({ crowd }) => crowd)).toEqual([false, true]);
    expect(data.skipped).toEqual([{ id: 'Annotations/c.xml', reason: expect.stringContaining('ImageSets') as string }]);
  });

  it('reads files beside their pictures, by their own name where the named picture is not there', async () => {
    await put('train/a.jpg');
    await put('train/a.xml', xml(object('dog', [1, 1, 10, 10]), 'renamed.png'));
    await put('val/b.jpg');
    await put('val/b.xml', xml(object('dog', [1, 1, 10, 10]), 'b.jpg'));
    expect(await pascalVoc.detect(root)).toBeGreaterThan(0.8);
    expect(seen(await read(pascalVoc)).map(([id, split]) => [id, split])).toEqual([
      ['train/a.jpg', 'train'],
      ['val/b.jpg', 'validation'],
    ]);
  });

  const bomb = `<!DOCTYPE annotation [<!ENTITY a "ha">${'bcdefghij'
    .split('')
    .map((name, i) => `<!ENTITY ${name} "${`&${'abcdefghij'[i]!};`.repeat(10)}">`)
    .join('')}]>`;
  it.each([
    [
      `<?xml version="1.0"?>${bomb}<annotation><filename>&j;</filename></annotation>`,
      'target-unreadable',
      'declares entities',
    ],
    [
      '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><annotation>&x;</annotation>',
      'target-unreadable',
      'declares entities',
    ],
    ['<annotation>&undeclared;</annotation>', 'target-unreadable', 'not well-formed XML'],
    ['<annotation><object></annotation>', 'target-unreadable', 'not well-formed XML'],
    ['<annotation>', 'target-unreadable', 'not well-formed XML'],
    ['', 'target-unreadable', 'not well-formed XML'],
    [xml(object('', [1, 1, 10, 10])), 'label-invalid', 'object 1 has no name'],
    [xml(object('dog', [20, 1, 10, 10])), 'sample-unreadable', 'object 1 (dog)'],
    [xml(object('dog', ['NaN', 1, 10, 10])), 'sample-unreadable', 'from (NaN, 1) to (10, 10)'],
    [xml(object('dog', ['', 1, 10, 10])), 'sample-unreadable', 'not four finite numbers'],
    [xml(object('dog', [200, 1, 210, 10])), 'sample-unreadable', 'outside the picture'],
    [xml(object('dog', [1, 1, 10, 10])).replace('<width>100', '<width>90'), 'sample-unreadable', '90 x 80'],
    [xml(object('dog', [1, 1, 10, 10]), 'gone.jpg'), 'sample-unreadable', 'gone.jpg'],
  ])('names what is wrong in a file: %#', async (text, code, mention) => {
    if (!text.includes('gone.jpg')) await put('a.jpg');
    const file = await put('a.xml', text);
    await failure(read(pascalVoc), code, mention.includes(' x ') ? 'a.jpg' : file, mention);
  });

  it('refuses a set without boxes, and folders without files', async () => {
    await failure(read(pascalVoc), 'target-empty', root);
    await put('a.jpg');
    await put('a.xml', xml(''));
    await failure(read(pascalVoc), 'target-empty', 'no boxes');
    await rm(join(root, 'a.xml'));
    expect(await pascalVoc.detect(root)).toBe(0);
    await failure(read(pascalVoc), 'target-unreadable', root);
  });
});
