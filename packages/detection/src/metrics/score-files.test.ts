import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOfFiles } from '../draw/report-of-files.ts';
import { COCO_METRICS } from './coco-metrics.ts';
import { scoreFiles } from './score-files.ts';

interface Case {
  readonly groundTruth: object;
  readonly detections: object[];
  readonly expected: Readonly<Record<string, number>>;
}
const { cases } = JSON.parse(readFileSync(new URL('fixtures/coco-map.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

let root: string;
beforeAll(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-score-'))));
afterAll(() => rm(root, { recursive: true }));

const score = async (truth: unknown, detections: unknown) => {
  const [gt, dt] = [join(root, 'gt.json'), join(root, 'dt.json')];
  await writeFile(gt, typeof truth === 'string' ? truth : JSON.stringify(truth));
  await writeFile(dt, typeof detections === 'string' ? detections : JSON.stringify(detections));
  return scoreFiles(gt, dt);
};

const image = (id: number | string) => ({ id, file_name: `${id}.jpg`, width: 100, height: 100 });
const truth = {
  images: [image(1), image(2)],
  categories: [{ id: 3, name: 'cup' }],
  annotations: [{ id: 7, image_id: 1, category_id: 3, bbox: [10, 10, 50, 50], area: 2500, iscrowd: 0 }],
};
const detection = { image_id: 1, category_id: 3, bbox: [10, 10, 50, 50], score: 0.9 };

describe('scoreFiles', () => {
  it.each(cases.map((each, i) => [i, each] as const))(
    'equals pycocotools, case %i',
    async (_, { groundTruth, detections, expected }) => {
      const { metrics } = await score(groundTruth, detections);
      for (const name of COCO_METRICS)
        expect(Math.abs(metrics[name] - expected[name]!), name).toBeLessThanOrEqual(1e-9);
    },
  );

  it('takes pictures in the order of their ids, whatever the order in the file', async () => {
    const wrong = { ...detection, image_id: 2, bbox: [50, 50, 20, 20] };
    // Of two equal scores that of picture 1 comes first: precision is 1 at every recall.
    const right = await score(truth, [wrong, detection]);
    const turned = await score({ ...truth, images: [image(2), image(1)] }, [wrong, detection]);
    expect(right.metrics.AP).toBeCloseTo(1, 12);
    expect(turned.metrics).toEqual(right.metrics);
  });

  it('counts detections of categories that the truth does not have', async () => {
    const { unknownCategories, detections, metrics } = await score(truth, [
      detection,
      { ...detection, category_id: 4 },
      { ...detection, category_id: 4 },
    ]);
    expect([...unknownCategories]).toEqual([[4, 2]]);
    expect(detections).toBe(1);
    expect(metrics.AP).toBeCloseTo(1, 12);
  });

  it('takes annotations before what they refer to, and ids that are texts', async () => {
    const { images, categories, annotations } = truth;
    expect((await score({ annotations, images, categories }, [detection])).metrics.AP).toBeCloseTo(1, 12);
    const text = {
      images: [image('b'), image('a')],
      categories,
      annotations: [{ ...annotations[0], id: 'x', image_id: 'a' }],
    };
    expect((await score(text, [{ ...detection, image_id: 'a' }])).metrics.AP).toBeCloseTo(1, 12);
  });

  it('is shown by a page', async () => {
    await score(truth, [detection]);
    const page = await reportOfFiles(join(root, 'gt.json'), join(root, 'dt.json'));
    expect(page).toContain('<title>dt.json on gt.json</title>');
    expect(page).toContain('<div><dt>AP</dt><dd>1.000</dd></div>');
  });

  it('is undefined without objects', async () => {
    expect(Object.values((await score({ ...truth, annotations: [] }, [detection])).metrics)).toEqual(
      new Array(12).fill(-1),
    );
  });

  const [annotation] = truth.annotations;
  it('takes an id for the same whether it is a number or a text, and annotations for several that lack or share ids', async () => {
    const twice = (ids: readonly unknown[]) => ({
      ...truth,
      annotations: ids.map((id, i) => ({ ...annotation, id, bbox: [10 + 40 * i, 10, 20, 20] })),
    });
    const found = { ...detection, bbox: [10, 10, 20, 20] };
    const expected = await score(twice([1, 2]), [found]);
    for (const ids of [
      [7, 7],
      [undefined, 1],
      [1, undefined],
      ['1', 1],
    ])
      expect(await score(twice(ids), [{ ...found, image_id: '1' }])).toEqual(expected);
    expect(expected.metrics.AR100).toBeCloseTo(0.5); // one of two objects
  });

  it.each<[unknown, unknown, string, string[]]>([
    [truth, [{ ...detection, image_id: 9 }], 'target-unreadable', ['dt.json', 'detection 0', 'image 9', 'gt.json']],
    [truth, [{ ...detection, score: '0.5' }], 'target-unreadable', ['detection 0', 'score "0.5"']],
    [
      truth,
      '[{"image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4], "score": NaN}]',
      'target-unreadable',
      ['detection 0', 'NaN'],
    ],
    [truth, [{ ...detection, bbox: [1, 2, 3] }], 'target-unreadable', ['detection 0', '[1,2,3]']],
    [truth, [{ ...detection, bbox: [1, 2, -3, 4] }], 'target-unreadable', ['detection 0', '[1,2,-3,4]']],
    [truth, [{ ...detection, category_id: undefined }], 'target-unreadable', ['detection 0', 'category_id']],
    [truth, { annotations: [detection] }, 'target-unreadable', ['dt.json', 'not a list']],
    [truth, [3], 'target-unreadable', ['detection 0', 'image_id']],
    [
      { ...truth, annotations: [{ ...annotation, bbox: [1, 1, -5, 5] }] },
      [],
      'target-unreadable',
      ['gt.json', 'annotation 7', '[1,1,-5,5]'],
    ],
    [
      '{"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 3, "name": "x"}], "annotations": [{"id": 5, "image_id": 1, "category_id": 3, "bbox": [NaN, 1, 2, 3]}]}',
      [],
      'target-unreadable',
      ['annotation 5', '[NaN,1,2,3]'],
    ],
    [{ ...truth, images: [image(1), image(1)] }, [], 'target-unreadable', ['two of its images', 'id 1']],
    [{ ...truth, categories: [] }, [], 'label-invalid', ['no categories']],
    [{ ...truth, images: [] }, [], 'target-unreadable', ['no images']],
    [
      { ...truth, annotations: [{ ...annotation, category_id: 5 }] },
      [],
      'label-invalid',
      ['annotation 7', 'category 5'],
    ],
    [{ ...truth, annotations: [{ ...annotation, image_id: 5 }] }, [], 'target-unreadable', ['annotation 7', 'image 5']],
    [
      { ...truth, categories: [...truth.categories, { id: 4, name: 'cup' }] },
      [],
      'label-invalid',
      ['3 and 4', '"cup"'],
    ],
    [{ ...truth, annotations: [{ ...annotation, area: -1 }] }, [], 'target-unreadable', ['annotation 7', 'area -1']],
  ])('names what is wrong: %#', async (gt, dt, code, mentions) => {
    const error = (await score(gt, dt).catch((cause: unknown) => cause)) as {
      code: string;
      message: string;
      hint: string;
    };
    expect(error.code, error.message).toBe(code);
    for (const mention of mentions) expect(error.message).toContain(mention);
    expect(error.hint.length).toBeGreaterThan(10);
  });
});
