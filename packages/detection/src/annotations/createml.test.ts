import { describe, expect, it } from 'vitest';
import { createMl } from './createml.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const annotation = (label: string, x: number, y: number, width: number, height: number) => ({
  label,
  coordinates: { x, y, width, height },
});
const CUP = annotation('cup', 25, 40, 30, 40); // by its middle

describe('createml', () => {
  it('reads boxes by their middles, per split folder, and an empty list as a negative', async () => {
    for (const name of ['train/a.jpg', 'train/b.jpg', 'valid/a.jpg']) await folder.put(name);
    await folder.put('train/_annotations.createml.json', [
      { image: 'a.jpg', annotations: [CUP, annotation('Ant', 2.75, 1, 5.5, 2)] },
      { image: 'b.jpg', annotations: [] },
    ]);
    await folder.put('valid/_annotations.createml.json', [{ imagefilename: 'a.jpg', annotation: [CUP] }]);
    expect(await createMl.detect(folder.root)).toBeGreaterThan(0.85);
    expect(boxesOf(await folder.read(createMl))).toEqual([
      [
        'train/a.jpg',
        'train',
        [
          ['cup', 10, 20, 30, 40],
          ['Ant', 0, 0, 5.5, 2],
        ],
      ],
      ['train/b.jpg', 'train', []],
      ['valid/a.jpg', 'validation', [['cup', 10, 20, 30, 40]]],
    ]);
  });

  it('refuses what it cannot read, with file and place', async () => {
    await folder.put('a.jpg');
    const read = async (content: object | string) => {
      await folder.put('a.json', content);
      return folder.read(createMl, {}, { path: `${folder.root}/a.json` });
    };
    const picture = (annotations?: unknown) => [{ image: 'a.jpg', annotations }];
    await expectRefusal(read([{ annotations: [] }]), 'target-unreadable', 'picture 1 has no "image"');
    await expectRefusal(read(picture()), 'target-unreadable', 'picture 1 (a.jpg) has nothing');
    await expectRefusal(read(picture('x')), 'target-unreadable', 'picture 1 (a.jpg) has "x"');
    await expectRefusal(read({ image: 'a.jpg' }), 'target-unreadable', 'not a list');
    await expectRefusal(read(picture([{ label: 'cup' }])), 'sample-unreadable', 'picture 1 (a.jpg), annotation 1');
    await expectRefusal(
      read('[{"image": "a.jpg", "annotations": [{"label": "x", "coordinates": {"x": NaN}}]}]'),
      'sample-unreadable',
    );
    await expectRefusal(read([...picture([CUP]), ...picture([CUP])]), 'target-unreadable', 'listed twice');
    await expectRefusal(read([1, null]), 'target-unreadable', 'picture 1');
  });
});
