import { describe, expect, it } from 'vitest';
import { via } from './via.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const region = (shape_attributes: object, region_attributes: object = { type: 'cup' }) => ({
  shape_attributes,
  region_attributes,
});
const RECT = { name: 'rect', x: 10, y: 20, width: 30, height: 40 };
const picture = (filename: string, regions: unknown) => ({ filename, size: 123, regions, file_attributes: {} });

describe('via, as JSON', () => {
  it('reads annotations of version 2, of version 1 (regions by number) and a project', async () => {
    await folder.put('a.jpg');
    await folder.put('b.jpg');
    const expected = [
      ['a.jpg', undefined, [['cup', 10, 20, 30, 40]]],
      ['b.jpg', undefined, []],
    ];
    const pictures = { 'a.jpg123': picture('a.jpg', [region(RECT)]), 'b.jpg123': picture('b.jpg', []) };
    const older = { 'a.jpg123': picture('a.jpg', { 0: region(RECT) }), 'b.jpg123': picture('b.jpg', {}) };
    for (const content of [pictures, older, { _via_settings: {}, _via_img_metadata: pictures, _via_attributes: {} }]) {
      await folder.put('via.json', content);
      expect(await via.detect(folder.root)).toBeGreaterThan(0.85);
      expect(boxesOf(await folder.read(via))).toEqual(expected);
    }
  });

  it('takes the box around circles, ellipses and polygons, and an object for each ticked option', async () => {
    await folder.put('a.jpg');
    const regions = [
      region({ name: 'circle', cx: 50, cy: 40, r: 5 }),
      region({ name: 'ellipse', cx: 50, cy: 40, rx: 20, ry: 10, theta: Math.PI / 2 }),
      region(
        { name: 'polygon', all_points_x: [10, 30, 20], all_points_y: [70, 50.5, 60] },
        { type: { cup: true, ant: true, bee: false } },
      ),
      region({ name: 'point', cx: 1, cy: 2 }),
    ];
    await folder.put('via.json', { a: picture('a.jpg', regions) });
    const data = await folder.read(via);
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['cup', 45, 35, 10, 10],
          ['cup', 40, 20, 20, 40],
          ['cup', 10, 50.5, 20, 19.5],
          ['ant', 10, 50.5, 20, 19.5],
        ],
      ],
    ]);
    expect(data.notes?.passedOver).toMatchObject([
      { what: 'regions of the kind "point", which have no box', count: 1 },
    ]);
  });

  it('the class is the only attribute, the only one with a common name, or the one that is asked for', async () => {
    await folder.put('a.jpg');
    const labelsOf = async (attributes: object, options = {}) => {
      await folder.put('via.json', { a: picture('a.jpg', [region(RECT, attributes)]) });
      return (await folder.read(via, options)).labels;
    };
    expect(await labelsOf({ what: 'cup' })).toEqual(['cup']);
    expect(await labelsOf({ class: 'cup', quality: 'good', note: '' })).toEqual(['cup']);
    const unclear = { type: 'cup', name: 'my cup' };
    await expectRefusal(labelsOf(unclear), 'invalid-option', 'name, type');
    expect(await labelsOf(unclear, { attribute: 'type' })).toEqual(['cup']);
    await expectRefusal(labelsOf(unclear, { attribute: 'kind' }), 'invalid-option', '"kind"');
    await folder.put('via.json', { a: picture('a.jpg', [region(RECT, {})]) });
    expect((await folder.read(via)).unlabelled).toMatchObject([{ id: 'a.jpg' }]);
  });

  it('refuses what it cannot read, with file and place', async () => {
    await folder.put('a.jpg');
    const read = async (content: object | string) => {
      await folder.put('via.json', content);
      return folder.read(via, {}, { path: `${folder.root}/via.json` });
    };
    await expectRefusal(read({}), 'target-unreadable', 'lists no pictures');
    await expectRefusal(read({ k: { regions: [] } }), 'target-unreadable', '"k" has no "filename"');
    await expectRefusal(read({ k: { filename: 'a.jpg' } }), 'target-unreadable', '"k" has nothing for "regions"');
    await expectRefusal(read({ _via_img_metadata: [] }), 'target-unreadable', 'lists no pictures');
    await expectRefusal(read({ _via_img_metadata: 'x' }), 'target-unreadable', '_via_img_metadata');
    const points = region({ name: 'polygon', all_points_x: [1, 2], all_points_y: [1] });
    await expectRefusal(read({ k: picture('a.jpg', [points]) }), 'sample-unreadable', 'k, region 1');
    await expectRefusal(read({ k: picture('a.jpg', [1]) }), 'target-empty');
  });
});

describe('via, as CSV', () => {
  const HEAD = 'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes';
  const json = (value: object) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  const row = (name: string, shape: object, attributes: object = { type: 'cup' }) =>
    `${name},123,"{}",1,0,${json(shape)},${json(attributes)}`;
  const read = async (...rows: string[]) =>
    folder.read(via, {}, { path: await folder.put('via.csv', [HEAD, ...rows].join('\n')) });

  it('reads rows of regions, and rows without one as negatives', async () => {
    await folder.put('a.jpg');
    await folder.put('b.jpg');
    const data = await read(row('a.jpg', RECT), row('a.jpg', { ...RECT, x: 0 }, { type: 'ant' }), row('b.jpg', {}, {}));
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['cup', 10, 20, 30, 40],
          ['ant', 0, 20, 30, 40],
        ],
      ],
      ['b.jpg', undefined, []],
    ]);
    expect(await via.detect(folder.root)).toBeGreaterThan(0.9);
    expect(data.notes?.table?.columns.flatMap(({ role }) => role ?? [])).toEqual(['picture', 'shape', 'attributes']);
  });

  it('refuses what it cannot read, with file and line', async () => {
    await folder.put('a.jpg');
    await expectRefusal(read('a.jpg,1,"{}",1,0,{x,"{}"'), 'target-unreadable', 'via.csv, line 2');
    await expectRefusal(read('a.jpg,1,"{}",1,0,"[1]","{}"'), 'target-unreadable', 'via.csv, line 2');
    await expectRefusal(read(row('', RECT)), 'target-unreadable', 'via.csv, line 2');
    await expectRefusal(read(row('a.jpg', { ...RECT, x: null })), 'sample-unreadable', 'via.csv, line 2');
  });
});
