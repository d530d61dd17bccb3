import { describe, expect, it } from 'vitest';
import { metadataBoxes } from './metadata-boxes.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const lines = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const two = {
  bbox: [
    [10, 20, 30, 40],
    [0, 0, 5.5, 2],
  ],
  categories: [1, 0],
};

describe('image-metadata-boxes', () => {
  it('reads lists of boxes and categories, per split folder; an empty list is a negative', async () => {
    for (const name of ['train/a.jpg', 'train/b.jpg', 'test/a.jpg']) await folder.put(name);
    await folder.put(
      'train/metadata.jsonl',
      lines({ file_name: 'a.jpg', objects: two }, { file_name: 'b.jpg', objects: { bbox: [], categories: [] } }),
    );
    await folder.put(
      'test/metadata.jsonl',
      lines({ file_name: 'a.jpg', objects: [{ bbox: [10, 20, 30, 40], category: 12 }] }),
    );
    expect(await metadataBoxes.detect(folder.root)).toBeGreaterThan(0.9);
    const data = await folder.read(metadataBoxes);
    expect(data.labels).toEqual(['0', '1', '12']);
    expect(boxesOf(data)).toEqual([
      ['test/a.jpg', 'test', [['12', 10, 20, 30, 40]]],
      [
        'train/a.jpg',
        'train',
        [
          ['1', 10, 20, 30, 40],
          ['0', 0, 0, 5.5, 2],
        ],
      ],
      ['train/b.jpg', 'train', []],
    ]);
  });

  it('reads objects as JSON in the cells of a CSV', async () => {
    await folder.put('a.jpg');
    const cell = JSON.stringify({ bbox: [[10, 20, 30, 40]], category: ['cup'] }).replaceAll('"', '""');
    const path = await folder.put('metadata.csv', `file_name,objects\na.jpg,"${cell}"\n`);
    expect(await metadataBoxes.detect(path)).toBeGreaterThan(0.9);
    expect(boxesOf(await folder.read(metadataBoxes, {}, { path }))).toEqual([
      ['a.jpg', undefined, [['cup', 10, 20, 30, 40]]],
    ]);
  });

  it('classes that are numbers are warned of; names=… names them', async () => {
    await folder.put('a.jpg');
    await folder.put('metadata.jsonl', lines({ file_name: 'a.jpg', objects: two }));
    const [warning] = (await folder.read(metadataBoxes)).notes!.warnings!;
    expect([warning!.code, warning!.message]).toEqual([
      'classes-without-names',
      'The classes are numbers which nothing names: 0, 1.',
    ]);
    expect(warning!.hint).toContain('names=');
    const named = await folder.read(metadataBoxes, { names: 'ball,crate' });
    expect(named.notes!.warnings).toEqual([]);
    expect(named.labels).toEqual(['ball', 'crate']);
    expect(boxesOf(named)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['crate', 10, 20, 30, 40],
          ['ball', 0, 0, 5.5, 2],
        ],
      ],
    ]);
    await expectRefusal(folder.read(metadataBoxes, { names: 'ball' }), 'label-invalid', 'class 1');
    await folder.put('metadata.jsonl', lines({ file_name: 'a.jpg', objects: { ...two, categories: ['x', 'y'] } }));
    await expectRefusal(folder.read(metadataBoxes, { names: 'ball' }), 'invalid-option', '"x"');
  });

  it('refuses what it cannot read, with file and line', async () => {
    await folder.put('a.jpg');
    const read = async (...rows: unknown[]) =>
      folder.read(metadataBoxes, {}, { path: await folder.put('metadata.jsonl', lines(...rows)) });
    const row = (objects: unknown) => ({ file_name: 'a.jpg', objects });
    await expectRefusal(read(row({ bbox: [[1, 2, 3]], categories: [0] })), 'sample-unreadable', 'line 1, object 1');
    await expectRefusal(
      read(row({ bbox: [[1, 2, 3, 4]], categories: [0, 1] })),
      'target-unreadable',
      'line 1',
      '2 categories',
    );
    await expectRefusal(read(row({ bbox: 'x' })), 'target-unreadable', 'line 1', '"bbox"');
    await expectRefusal(read(row('x')), 'target-unreadable', 'line 1');
    await expectRefusal(read({ objects: two }), 'target-unreadable', 'no file_name');
    await expectRefusal(read({ file_name: 'a.jpg' }), 'target-unreadable', 'no objects');
    const { unlabelled } = await read(row({ bbox: [[1, 2, 3, 4]] }));
    expect(unlabelled).toMatchObject([{ id: 'a.jpg' }]);
  });
});
