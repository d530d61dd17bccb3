import { describe, expect, it } from 'vitest';
import { labelStudio } from './label-studio.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const size = { original_width: 100, original_height: 80 };
// In percent of 100 x 80: pixels (10, 20) with 30 x 40.
const VALUE = { x: 10, y: 25, width: 30, height: 50, rotation: 0, rectanglelabels: ['cup'] };
const result = (value: object = VALUE, more: object = {}) => ({
  id: 'r1',
  type: 'rectanglelabels',
  from_name: 'label',
  to_name: 'image',
  ...size,
  value,
  ...more,
});
const task = (id: number, image: string, annotations: unknown) => ({ id, data: { image }, annotations });
const by = (results: unknown, more: object = {}) => ({
  id: 1,
  completed_by: 1,
  was_cancelled: false,
  result: results,
  ...more,
});
const CUP = ['cup', 10, 20, 30, 40];

describe('label-studio', () => {
  it('reads percents; uploads by their names, with and without the digits before them; negatives', async () => {
    for (const name of ['images/0a1b2c3d-a.jpg', 'images/b.jpg', 'c.jpg']) await folder.put(name);
    await folder.put('project.json', [
      task(1, '/data/upload/4/0a1b2c3d-a.jpg', [by([result()])]),
      task(2, '/data/upload/4/0a1b2c3e-b.jpg', [by([])]),
      task(3, '/data/local-files/?d=pictures/c.jpg', [by([result()])]),
    ]);
    expect(await labelStudio.detect(folder.root)).toBeGreaterThan(0.85);
    expect(boxesOf(await folder.read(labelStudio))).toEqual([
      ['images/0a1b2c3d-a.jpg', undefined, [CUP]],
      ['images/b.jpg', undefined, []],
      ['c.jpg', undefined, [CUP]],
    ]);
  });

  it('reads JSON-MIN, in which the annotations of a task follow one another', async () => {
    await folder.put('a.jpg');
    await folder.put('min.json', [
      { image: 'a.jpg', id: 7, label: [{ ...VALUE, ...size }], annotator: 1, annotation_id: 1 },
      {
        image: 'a.jpg',
        id: 7,
        label: [{ ...VALUE, ...size, rectanglelabels: ['Ant'] }],
        annotator: 2,
        annotation_id: 2,
      },
    ]);
    expect(await labelStudio.detect(folder.root)).toBeGreaterThan(0.85);
    const data = await folder.read(labelStudio);
    expect(boxesOf(data)).toEqual([['a.jpg', undefined, [['Ant', 10, 20, 30, 40]]]]);
    expect(data.notes?.warnings?.map(({ code }) => code)).toEqual(['several-annotations']);
  });

  it('reads CSV, whose cells hold the regions as JSON', async () => {
    await folder.put('a.jpg');
    await folder.put('b.jpg');
    const cell = `"${JSON.stringify([{ ...VALUE, ...size }]).replaceAll('"', '""')}"`;
    const rows = [`/data/upload/1/a.jpg,1,${cell},1,11,2024-01-01,2024-01-01,3.5`, 'b.jpg,2,,,,2024-01-01,2024-01-01,'];
    const head = 'image,id,label,annotator,annotation_id,created_at,updated_at,lead_time';
    await folder.put('project.csv', `${[head, ...rows].join('\n')}\n`);
    expect(await labelStudio.detect(folder.root)).toBeGreaterThan(0.9);
    const data = await folder.read(labelStudio);
    expect(boxesOf(data)).toEqual([['a.jpg', undefined, [CUP]]]);
    expect(data.unlabelled).toMatchObject([{ id: 'b.jpg' }]);
  });

  it('turned boxes, polygons and ellipses by the box around them, regions whose labels are results of their own', async () => {
    await folder.put('a.jpg');
    // Turned by 90 degrees about (50, 40) in pixels: 20 x 10 becomes 10 x 20 to the left of it.
    const turned = result(
      { x: 50, y: 50, width: 20, height: 12.5, rotation: 90, rectanglelabels: ['t'] },
      { id: 'r2' },
    );
    const polygon = result(
      {
        points: [
          [10, 50],
          [30, 75],
          [20, 60],
        ],
        polygonlabels: ['p'],
      },
      { id: 'r3', type: 'polygonlabels' },
    );
    const ellipse = result(
      { x: 50, y: 50, radiusX: 10, radiusY: 25, rotation: 0, ellipselabels: ['e'] },
      { id: 'r4', type: 'ellipselabels' },
    );
    const { rectanglelabels: _, ...plain } = VALUE;
    const apart = [
      result(plain, { id: 'r5', type: 'rectangle' }),
      result({ ...plain, labels: ['one', 'two'] }, { id: 'r5', type: 'labels' }),
    ];
    const key = { id: 'r6', type: 'keypointlabels', value: { x: 1, y: 2, keypointlabels: ['k'] } };
    const choice = { id: 'r7', type: 'choices', value: { choices: ['blurred'] } };
    await folder.put('p.json', [task(1, 'a.jpg', [by([turned, polygon, ellipse, ...apart, key, choice])])]);
    const data = await folder.read(labelStudio);
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['t', 40, 40, 10, 20],
          ['p', 10, 40, 20, 20],
          ['e', 40, 20, 20, 40],
          ['one', 10, 20, 30, 40],
          ['two', 10, 20, 30, 40],
        ],
      ],
    ]);
    expect(data.notes?.passedOver).toMatchObject([
      { what: 'results of the kind "keypointlabels", which have no box', count: 1 },
    ]);
  });

  it('of several annotations ground truth counts, else the last, or the first on request; cancelled ones never', async () => {
    await folder.put('a.jpg');
    const labelled = (label: string, more = {}) => by([result({ ...VALUE, rectanglelabels: [label] })], more);
    const read = async (annotations: unknown[], options = {}) => {
      await folder.put('p.json', [task(1, 'a.jpg', annotations)]);
      return folder.read(labelStudio, options);
    };
    const two = [labelled('one'), labelled('two')];
    expect((await read(two)).labels).toEqual(['two']);
    expect((await read(two)).notes?.warnings).toMatchObject([{ code: 'several-annotations', samples: ['a.jpg'] }]);
    expect((await read(two, { annotation: 'first' })).labels).toEqual(['one']);
    await expectRefusal(read(two, { annotation: 'best' }), 'invalid-option', 'best');
    const truth = await read([labelled('one', { ground_truth: true }), labelled('two')]);
    expect([truth.labels, truth.notes?.warnings]).toEqual([['one'], []]);
    const cancelled = await read([labelled('one'), labelled('two', { was_cancelled: true })]);
    expect([cancelled.labels, cancelled.notes?.warnings]).toEqual([['one'], []]);
  });

  it('pictures that nobody has annotated are unlabelled ones', async () => {
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) await folder.put(name);
    await folder.put('p.json', [
      task(1, 'a.jpg', [by([result()])]),
      task(2, 'b.jpg', []),
      task(3, 'c.jpg', [by([], { was_cancelled: true })]),
    ]);
    const { samples, unlabelled } = await folder.read(labelStudio);
    expect(samples.map(({ sample }) => sample.id)).toEqual(['a.jpg']);
    expect(unlabelled?.map(({ id, reason }) => [id, /is not annotated|was skipped/.test(reason)])).toEqual([
      ['b.jpg', true],
      ['c.jpg', true],
    ]);
  });

  it('refuses what it cannot read, with file and task', async () => {
    await folder.put('a.jpg');
    const read = async (content: object | string, options = {}) => {
      await folder.put('p.json', content);
      return folder.read(labelStudio, options, { path: `${folder.root}/p.json` });
    };
    const one = (results: unknown, more: object = {}) => [task(5, 'a.jpg', [{ ...by(results), ...more }])];
    await expectRefusal(
      read([{ id: 5, data: { text: 'x' }, annotations: [] }]),
      'target-unreadable',
      'task 5 has no picture',
    );
    const inBase64 = `data:image/png;base64,${'A'.repeat(100_000)}`;
    await expectRefusal(read([task(5, inBase64, [by([result()])])]), 'sample-unreadable', 'picture of task 5');
    await expectRefusal(read([task(5, 'a.jpg', 'x')]), 'target-unreadable', 'task 5 has "x"');
    await expectRefusal(read(one(undefined)), 'target-unreadable', 'task 5');
    await expectRefusal(read([5]), 'target-unreadable', 'task 1 of the list');
    await expectRefusal(read({ a: 1 }), 'target-unreadable', 'not a list');
    await expectRefusal(read(one([result({ ...VALUE, width: '30' })])), 'sample-unreadable', 'task 5, result 1');
    await expectRefusal(
      read(one([result({ ...VALUE, rotation: 9 }, { original_width: 0 })])),
      'target-unreadable',
      'task 5, result 1',
    );
    const brush = result({ rle: [1], brushlabels: ['x'] }, { type: 'brushlabels' });
    await expectRefusal(read(one([brush])), 'target-unreadable', 'brush mask');
    expect((await read(one([brush, result(VALUE, { id: 'r2' })]), { shapes: 'boxes' })).labels).toEqual(['cup']);
    await expectRefusal(read([...one([result()]), ...one([result()])]), 'target-unreadable', 'listed twice');
  });
});
