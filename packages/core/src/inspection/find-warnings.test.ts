import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import type { LabelledObject, Sample, TargetData } from '../domains/target-domain.ts';
import { copiesAmong } from './copies.ts';
import { countSplits } from './count-splits.ts';
import { cutTexts } from './cut-texts.ts';
import { findDuplicates } from './duplicate-warnings.ts';
import { findWarnings } from './find-warnings.ts';
import type { View } from './looked-at.ts';

const splitsOf = (train: Sample[], validation: Sample[] = [], test: Sample[] = []) => ({
  train: datasetOf(train),
  validation: datasetOf(validation),
  test: datasetOf(test),
});
const sample = (id: string, label?: number, digest = id): Sample => ({
  id,
  digest,
  ...(label !== undefined && { label }),
});
const many = (prefix: string, label: number, count: number) =>
  Array.from({ length: count }, (_, n) => sample(`${prefix}${label}-${n}`, label));

function warningsOf(labels: string[], splits: ReturnType<typeof splitsOf>, view: View = () => ({}), assigned = false) {
  const samples = (['train', 'validation', 'test'] as const).flatMap((name) =>
    Array.from({ length: splits[name].length }, (_, i) => ({ sample: splits[name].get(i) })),
  );
  const data: TargetData = { id: 'd', modality: 'm', reader: 'r', labels, samples, skipped: [] };
  return findWarnings({ data, splits, view, assigned, ...countSplits(splits, labels) });
}
const codes = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code);
const healthy = splitsOf([...many('t', 0, 40), ...many('t', 1, 40)], many('v', 0, 20), many('e', 1, 20));

it('has nothing to say of data that are well', () => {
  expect(warningsOf(['cat', 'dog'], healthy)).toEqual([]);
  expect(findDuplicates(healthy)).toEqual({ warnings: [] });
});

it('finds names that mean one class, or none', () => {
  expect(warningsOf(['cat', 'Cat'], healthy)).toMatchObject([
    { code: 'near-equal-labels', message: 'Classes have nearly the same name: "cat" (60), "Cat" (60) differ in case.' },
  ]);
  expect(warningsOf(['cat', 'nan'], healthy)).toMatchObject([
    { code: 'missing-labels', message: 'The class "nan" reads like a label that is missing.' },
  ]);
});

it('finds classes with few samples, and those with many times as many as another', () => {
  const validation = many('v', 1, 20);
  const splits = splitsOf([...many('t', 0, 4), ...many('t', 1, 81)], validation);
  expect(warningsOf(['few', 'many'], splits)).toMatchObject([
    { code: 'small-classes', message: '1 class has fewer than 5 samples: "few" (4).' },
    { code: 'imbalance', message: expect.stringContaining('"many" has 81 samples and "few" 4, one to 20') as string },
  ]);
  expect(codes(warningsOf(['few', 'many'], splitsOf([...many('t', 0, 5), ...many('t', 1, 100)], validation)))).toEqual(
    [],
  );
});

describe('splits', () => {
  it('to choose by have 20 samples at least', () => {
    const of = (count: number, assigned = false) =>
      warningsOf(['a'], splitsOf(many('t', 0, 50), many('v', 0, count)), undefined, assigned);
    expect(of(19)).toMatchObject([
      {
        code: 'small-validation',
        message: expect.stringContaining('19 samples: one of them changes accuracy by 5 points') as string,
      },
    ]);
    expect(of(19)[0]!.hint).toContain('--split 60/20/20');
    expect(of(19, true)[0]!.hint).not.toContain('--split');
    expect(of(20)).toEqual([]);
    expect(of(0)).toEqual([]); // asked for by the shares
    expect(codes(of(0, true))).toEqual(['small-validation']);
  });

  it('to measure on say something of their samples', () => {
    const boxed = (id: string, ...labels: number[]): Sample => ({
      ...sample(id),
      objects: labels.map((label) => ({ label })),
    });
    const train = Array.from({ length: 5 }, (_, n) => boxed(`t${n}`, 0));
    const validation = Array.from({ length: 20 }, (_, n) => boxed(`v${n}`, ...(n === 7 ? [0] : [])));
    expect(warningsOf(['a'], splitsOf(train, validation, [boxed('e1'), boxed('e2')]))).toMatchObject([
      {
        code: 'split-without-labels',
        message: expect.stringContaining('No sample of the test split has a box') as string,
        samples: ['e1'],
      },
    ]);
  });
});

it('finds boxes that are there twice and boxes that nobody sees', () => {
  type Boxed = LabelledObject & { readonly box: readonly [number, number, number, number] };
  const picture = (id: string, ...boxes: Boxed['box'][]): Sample => ({
    ...sample(id),
    objects: boxes.map((box): Boxed => ({ label: 0, box })),
  });
  const view: View = ({ objects }) => ({
    picture: {
      image: { kind: 'memory', bytes: new Uint8Array() },
      size: { width: 6400, height: 4800 },
      boxes: (objects as readonly Boxed[]).map(({ box }) => box),
    },
  });
  const train = [
    picture('1', [0, 0, 100, 100], [0, 0, 100, 100], [500, 0, 100, 100]),
    picture('2', [0, 0, 19, 400], [0, 500, 20, 20]), // a tenth: 1.9 and 2 pixels
    ...Array.from({ length: 30 }, (_, n) => picture(`p${n}`, [n, 0, 100, 100])),
  ];
  const validation = Array.from({ length: 20 }, (_, n) => picture(`v${n}`, [n, 0, 100, 100]));
  expect(warningsOf(['a'], splitsOf(train, validation), view)).toMatchObject([
    { code: 'doubled-boxes', message: expect.stringMatching(/^1 box in 1 picture repeats/) as string, samples: ['1'] },
    { code: 'tiny-boxes', message: expect.stringMatching(/^1 box in 1 picture is less/) as string, samples: ['2'] },
  ]);
});

describe('copies', () => {
  it('are told apart: across splits, under two labels, repeated', () => {
    const splits = splitsOf(
      [sample('t1', 0, 'x'), sample('t2', 1, 'y'), sample('t3', 1, 'y'), sample('t4', 0, 'z')],
      [sample('v1', 1, 'z')],
      [sample('e1', 0, 'x'), sample('e2', 0, 'w')],
    );
    const { duplicates, warnings } = findDuplicates(splits);
    expect(duplicates).toEqual({ acrossSplits: 2, conflicting: 1, copies: 3 });
    expect(warnings).toMatchObject([
      {
        message: expect.stringContaining(
          '2 contents are in more than one split (train and validation: 1, train and test: 1)',
        ) as string,
        samples: ['t4', 'v1', 't1', 'e1'],
      },
      { message: '1 content occurs with labels that differ: one of them is wrong.', samples: ['t4', 'v1'] },
      { message: '1 sample repeats the content of another one in the same split.', samples: ['t2', 't3'] },
    ]);
    expect(codes(warnings)).toEqual(['duplicates', 'duplicates', 'duplicates']);
  });

  it('are found among many, by digests of any kind', () => {
    const hex = (n: number) => createHash('sha256').update(String(n)).digest('hex');
    const samples = Array.from({ length: 5000 }, (_, n) => sample(String(n), 0, hex(n % 4999)));
    expect(copiesAmong([...samples, sample('a', 0, 'any'), sample('b', 0, 'any')])).toEqual([
      [0, 4999],
      [5000, 5001],
    ]);
  });
});

describe('texts', () => {
  const limit = {
    most: 4,
    unit: 'words',
    exceeds: (texts: readonly string[]) => texts.join(' ').split(' ').length > 4,
  };
  const view: View = ({ id }) => ({ texts: [id] });

  it('that are longer than the source reads are counted by it', () => {
    const samples = [sample('one two three four five'), sample('one two three four'), sample('a')];
    expect(cutTexts(samples, view, 'short-net', limit)).toMatchObject([
      {
        code: 'cut-texts',
        message: '1 text of 3 will be cut: short-net reads 4 words.',
        samples: ['one two three four five'],
      },
    ]);
  });

  it('of a pair count together, or apart where the network reads them so', () => {
    const samples = [sample('one two three')];
    const pair: View = ({ id }) => ({ texts: [id, id] });
    expect(cutTexts(samples, pair, 's', limit)).toHaveLength(1);
    expect(cutTexts(samples, (each) => ({ ...pair(each), apart: true }), 's', limit)).toEqual([]);
  });

  it('that are many are tried in part, and that is said', () => {
    const samples = Array.from({ length: 6000 }, (_, n) => sample(n % 3 === 0 ? `${n} b c d e` : `${n} b c`));
    const { message } = cutTexts(samples, view, 's', limit)[0]!;
    const [, count, cut, tried] =
      /^About ([\d,]+) texts of 6,000 \(([\d,]+) of ([\d,]+) long ones that were tried\)/.exec(message)!;
    const number = (text: string | undefined) => Number(text!.replace(',', ''));
    expect(number(tried)).toBe(2000);
    expect(number(count)).toBe(Math.round((6000 * number(cut)) / 2000));
  });
});
