import { describe, expect, it } from 'vitest';
import { labelme } from './labelme.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const shape = (label: string | undefined, points: unknown, shape_type?: string) => ({ label, points, shape_type });
const CUP = shape(
  'cup',
  [
    [40, 60],
    [10, 20],
  ],
  'rectangle',
);
const file = (shapes: unknown, imagePath: string | undefined = 'a.jpg', more: object = {}) => ({
  version: '5.4.1',
  flags: {},
  shapes,
  imagePath,
  imageData: null,
  imageHeight: 80,
  imageWidth: 100,
  ...more,
});

describe('labelme', () => {
  it('reads rectangles by any two corners; a file without shapes is a negative, a picture without a file is not read', async () => {
    for (const name of ['a', 'b', 'c']) await folder.put(`${name}.jpg`);
    await folder.put(
      'a.json',
      file([
        CUP,
        shape(
          'Ant',
          [
            [0, 0],
            [5.5, 2],
          ],
          'rectangle',
        ),
      ]),
    );
    await folder.put('b.json', file([], 'b.jpg'));
    const data = await folder.read(labelme);
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['cup', 10, 20, 30, 40],
          ['Ant', 0, 0, 5.5, 2],
        ],
      ],
      ['b.jpg', undefined, []],
    ]);
    expect(await labelme.detect(folder.root)).toBeGreaterThan(0.85);
    expect(await labelme.detect(`${folder.root}/a.json`)).toBeGreaterThan(0.85);
  });

  it('takes the box around polygons, circles, turned boxes and masks, and leaves points and lines aside', async () => {
    await folder.put('a.jpg');
    await folder.put(
      'a.json',
      file([
        shape('p', [
          [10, 70],
          [30, 50.5],
          [20, 60],
        ]),
        shape(
          'c',
          [
            [50, 40],
            [53, 44],
          ],
          'circle',
        ), // of radius 5
        shape(
          'r',
          [
            [10, 20],
            [20, 10],
            [30, 20],
            [20, 30],
          ],
          'rotation',
        ),
        shape(
          'm',
          [
            [5, 6],
            [11, 13],
          ],
          'mask',
        ),
        shape('x', [[1, 2]], 'point'),
      ]),
    );
    const data = await folder.read(labelme);
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['p', 10, 50.5, 20, 19.5],
          ['c', 45, 35, 10, 10],
          ['r', 10, 10, 20, 20],
          ['m', 5, 6, 7, 8],
        ],
      ],
    ]);
    expect(data.notes?.warnings?.map(({ code }) => code)).toEqual(['shapes-as-boxes']);
    expect(data.notes?.passedOver).toMatchObject([{ count: 1 }]);
  });

  it('finds pictures by imagePath of Windows, beside the folder of the files, in splits, and by the name of the file', async () => {
    for (const name of ['train/images/1.jpg', 'val/images/1.jpg', 'val/images/2.jpg']) await folder.put(name);
    await folder.put('train/json/1.json', file([CUP], '..\\images\\1.jpg'));
    await folder.put('val/json/1.json', file([CUP], '1.jpg'));
    await folder.put('val/json/2.json', file([CUP], 'C:\\old\\renamed.jpg'));
    const { samples } = await folder.read(labelme);
    expect(samples.map(({ sample: { id }, split }) => [id, split])).toEqual([
      ['train/images/1.jpg', 'train'],
      ['val/images/1.jpg', 'validation'],
      ['val/images/2.jpg', 'validation'],
    ]);
  });

  it('is not sure of other JSON, and leaves other files aside', async () => {
    await folder.put('classes.json', { a: 1 });
    expect(await labelme.detect(folder.root)).toBe(0);
    await expectRefusal(folder.read(labelme), 'target-unreadable', 'no labelme file');
    await folder.put('a.jpg');
    await folder.put('a.json', file([CUP]));
    const { notes } = await folder.read(labelme);
    expect(notes?.passedOver).toEqual([
      { what: '.json files that are not of labelme', count: 1, examples: [`${folder.root}/classes.json`] },
    ]);
  });

  it('refuses what it cannot read, with file and shape', async () => {
    await folder.put('a.jpg');
    const read = async (content: object | string) => {
      await folder.put('a.json', content);
      return folder.read(labelme, {}, { path: `${folder.root}/a.json` });
    };
    await expectRefusal(read(file([shape('a', undefined, 'rectangle')])), 'target-unreadable', 'a.json, shape 1');
    await expectRefusal(
      read(
        file([
          shape(
            'a',
            [
              [1, 2],
              ['3', 4],
            ],
            'rectangle',
          ),
        ]),
      ),
      'sample-unreadable',
      'a.json, shape 1',
    );
    await expectRefusal(read(file([CUP], 'a.jpg', { imageWidth: 200 })), 'sample-unreadable', '100 x 80');
    await expectRefusal(read(file(['x'])), 'target-unreadable', 'a.json, shape 1');
    await expectRefusal(read('{"shapes": ['), 'target-unreadable', 'a.json');
    await expectRefusal(read(`{"shapes": ${'['.repeat(100_000)}`), 'target-unreadable', 'a.json');
    await expectRefusal(read(`{"shapes": [${'['.repeat(100_000)}${']'.repeat(100_000)}]}`), 'target-unreadable');
    await expectRefusal(folder.read(labelme, {}, { path: `${folder.root}/none` }), 'target-not-found');
  });

  it('a picture that is only within the file is refused with what to do', async () => {
    await folder.put('a.json', file([CUP], 'a.jpg', { imageData: 'iVBORw0KGgo=' }));
    await expectRefusal(folder.read(labelme), 'sample-unreadable', 'no file a.jpg', 'save it as a file');
    await folder.put('a.json', file([CUP], 'x'.repeat(100_000)));
    await expectRefusal(folder.read(labelme), 'sample-unreadable', '100000 characters');
  });

  it('a shape without a label makes its picture an unlabelled one', async () => {
    await folder.put('a.jpg');
    await folder.put(
      'a.json',
      file([
        shape(
          '',
          [
            [1, 2],
            [3, 4],
          ],
          'rectangle',
        ),
      ]),
    );
    const { samples, unlabelled } = await folder.read(labelme);
    expect(samples).toEqual([]);
    expect(unlabelled).toMatchObject([{ id: 'a.jpg' }]);
  });
});
