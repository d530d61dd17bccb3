import { silentProgress } from '@headstart/artifacts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { LabelledObject, ReadSample, Sample, SplitName, TargetData } from '../domains/target-domain.ts';
import type { View } from '../inspection/looked-at.ts';
import type { Cleaning } from '../options/cleanings.ts';
import { cleanTarget } from './clean-target.ts';

const dataOf = (labels: string[], samples: ReadSample[], more: Partial<TargetData> = {}): TargetData => ({
  id: 'd',
  modality: 'm',
  reader: 'r',
  labels,
  samples,
  skipped: [],
  ...more,
});
const read = (id: string, digest: string, label: number, split?: SplitName): ReadSample => ({
  sample: { id, digest, label },
  ...(split && { split }),
});
/** So many samples of a class, each with a content of its own. */
const many = (label: number, count: number) =>
  Array.from({ length: count }, (_, n) => read(`${label}/${n}`, `content ${label} ${n}`, label));

async function clean(data: TargetData, asked: Cleaning[], view: View = () => ({})) {
  const result = await cleanTarget(data, asked, { view, progress: silentProgress });
  return {
    ...result,
    ids: result.data.samples.map(({ sample }) => sample.id),
    classes: result.data.samples.map(({ sample }) => result.data.labels[sample.label!]),
  };
}

describe('duplicates', () => {
  it('keep one of each content: that to test on, else the first', async () => {
    const data = dataOf(
      ['a', 'b'],
      [
        read('t1', 'x', 0, 'train'),
        read('t2', 'y', 1, 'train'),
        read('t3', 'y', 1, 'train'),
        read('v1', 'x', 0, 'validation'),
        read('e1', 'x', 0, 'test'),
        read('e2', 'z', 0, 'test'),
      ],
    );
    const { ids, cleaned } = await clean(data, ['duplicates']);
    expect(ids).toEqual(['t2', 'e1', 'e2']);
    expect(cleaned).toEqual([{ code: 'duplicates', samples: 3, message: '3 copies left out' }]);
  });

  it('keep none of a content whose labels contradict', async () => {
    const data = dataOf(['a', 'b'], [read('1', 'x', 0), read('2', 'x', 1), read('3', 'x', 0), read('4', 'y', 1)]);
    const { ids, cleaned } = await clean(data, ['duplicates']);
    expect(ids).toEqual(['4']);
    expect(cleaned[0]).toMatchObject({ samples: 3, message: expect.stringContaining('3 of them') as string });
  });

  it('do not contradict where only ids of boxes differ, and do where boxes differ', async () => {
    const boxed = (id: string, digest: string, box: number[]): ReadSample => ({
      sample: { id, digest, objects: [{ label: 0, box, id } as LabelledObject] },
    });
    const data = dataOf(
      ['a'],
      [
        boxed('1', 'x', [0, 0, 5, 5]),
        boxed('2', 'x', [0, 0, 5, 5]),
        boxed('3', 'y', [1, 0, 5, 5]),
        boxed('4', 'y', [0, 0, 5, 5]),
      ],
    );
    expect((await clean(data, ['duplicates'])).ids).toEqual(['1']);
  });
});

describe('near-equal-labels', () => {
  it('become the commonest spelling, in every kind of label', async () => {
    const samples: ReadSample[] = [
      ...[0, 1, 1, 2, 2, 2, 3].map((label, n) => read(`s${n}`, `d${n}`, label)),
      { sample: { id: 'several', digest: 'e', labels: [0, 1, 2] }, split: 'test' },
      { sample: { id: 'boxed', digest: 'f', objects: [{ label: 0 }, { label: 3 }] } },
    ];
    const { data, cleaned, classes } = await clean(dataOf(['Pos', 'neg', 'pos', 'neg '], samples), [
      'near-equal-labels',
    ]);
    expect(data.labels).toEqual(['neg', 'pos']);
    expect(classes.slice(0, 7)).toEqual(['pos', 'neg', 'neg', 'pos', 'pos', 'pos', 'neg']);
    expect(data.samples[7]).toEqual({ sample: { id: 'several', digest: 'e', labels: [0, 1] }, split: 'test' });
    expect(data.samples[8]!.sample.objects).toEqual([{ label: 1 }, { label: 0 }]);
    expect(cleaned[0]).toMatchObject({ samples: 4, message: expect.stringContaining('"Pos" is "pos"') as string });
  });

  it('are no contradiction once they are one class, whatever the order asked for', async () => {
    const data = dataOf(
      ['Pos', 'neg', 'pos'],
      [read('1', 'x', 0), read('2', 'x', 2), read('3', 'y', 1), read('4', 'z', 2)],
    );
    const { ids, cleaned } = await clean(data, ['duplicates', 'near-equal-labels']);
    expect(ids).toEqual(['1', '3', '4']);
    expect(cleaned.map(({ code }) => code)).toEqual(['near-equal-labels', 'duplicates']);
  });
});

it('missing-labels leaves out what has no label, and what has a name for that', async () => {
  const data = dataOf(['a', 'b', 'NaN'], [read('1', 'x', 0), read('2', 'y', 2), read('3', 'z', 1)], {
    unlabelled: [{ id: '9', reason: 'the label is empty' }],
  });
  const { data: left, ids, classes, cleaned } = await clean(data, ['missing-labels']);
  expect([ids, classes, left.labels, left.unlabelled]).toEqual([['1', '3'], ['a', 'b'], ['a', 'b'], undefined]);
  expect(cleaned[0]).toMatchObject({
    samples: 2,
    message: '2 samples without a label left out, those labelled "NaN" among them',
  });
});

describe('small-classes', () => {
  it('are left out with their samples', async () => {
    const data = dataOf(['few', 'many', 'more'], [...many(0, 4), ...many(1, 5), ...many(2, 6)]);
    const { data: left, classes, cleaned } = await clean(data, ['small-classes']);
    expect(left.labels).toEqual(['many', 'more']);
    expect(classes).toEqual([...Array<string>(5).fill('many'), ...Array<string>(6).fill('more')]);
    expect(cleaned[0]).toMatchObject({ samples: 4, message: '4 samples left out with the classes "few"' });
  });

  it('take pictures with them, and classes that are small without those', async () => {
    const boxed = (id: string, ...labels: number[]): ReadSample => ({
      sample: { id, digest: id, objects: labels.map((label) => ({ label })) },
    });
    // b has five objects, one of them in the picture that a takes with it.
    const pictures = [boxed('1', 0, 1), boxed('2', 1, 1), boxed('3', 1, 1, 2), boxed('4', 2, 2, 2, 2, 2), boxed('5')];
    const { data: left, ids } = await clean(dataOf(['a', 'b', 'c'], pictures), ['small-classes']);
    expect([ids, left.labels]).toEqual([['4', '5'], ['c']]);
    expect(left.samples[0]!.sample.objects).toEqual(Array.from({ length: 5 }, () => ({ label: 0 })));
  });
});

it('blank-images leaves out pictures of one colour', async () => {
  const paint = async (svg: string) =>
    sharp({ create: { width: 200, height: 100, channels: 3, background: '#b06030' } })
      .composite(svg === '' ? [] : [{ input: Buffer.from(svg) }])
      .jpeg()
      .toBuffer();
  const dot = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><circle cx="60" cy="40" r="5"/></svg>';
  const pictures = new Map([
    ['blank', await paint('')],
    ['dot', await paint(dot)],
  ]);
  const white = { r: 255, g: 255, b: 255, alpha: 0 };
  pictures.set(
    'clear',
    await sharp({ create: { width: 9, height: 9, channels: 4, background: white } })
      .png()
      .toBuffer(),
  );
  const samples = [...pictures.keys()].map((id) => read(id, id, 0));
  const view: View = ({ id }: Sample) => ({ picture: { image: { kind: 'memory', bytes: pictures.get(id)! } } });
  const { ids, cleaned } = await clean(dataOf(['a'], samples), ['blank-images'], view);
  expect(ids).toEqual(['dot']);
  expect(cleaned[0]).toMatchObject({ code: 'blank-images', samples: 2 });
});

it('doubled-boxes leaves out objects that repeat an earlier one of their class', async () => {
  type Boxed = LabelledObject & { readonly box: readonly [number, number, number, number] };
  const object = (label: number, ...box: [number, number, number, number]): Boxed => ({ label, box });
  const objects = [
    object(0, 50, 50, 100, 100),
    object(0, 51, 50, 100, 100), // IoU 9900 / 10100 = 0.98
    object(1, 50, 50, 100, 100),
    object(0, 54, 50, 100, 100), // IoU with the first 9600 / 10400 = 0.92
    object(0, 50, 50, 100, 100),
  ];
  const data = dataOf(
    ['a', 'b'],
    [{ sample: { id: '1', digest: 'x', objects } }, { sample: { id: '2', digest: 'y', objects: [] } }],
  );
  const view: View = (sample) => ({
    picture: {
      image: { kind: 'memory', bytes: new Uint8Array() },
      boxes: (sample.objects as readonly Boxed[]).map(({ box }) => box),
    },
  });
  const { data: left, cleaned } = await clean(data, ['doubled-boxes'], view);
  expect(left.samples[0]!.sample.objects).toEqual([objects[0], objects[2], objects[3]]);
  expect(cleaned[0]).toMatchObject({ samples: 1, message: '2 boxes that repeat another left out, in 1 picture' });
});

it('does nothing that it was not asked for', async () => {
  const data = dataOf(['Pos', 'pos', 'NaN'], [read('1', 'x', 0), read('2', 'x', 1), read('3', 'x', 2)]);
  const result = await clean(data, []);
  expect([result.data, result.cleaned]).toEqual([data, []]);
});
