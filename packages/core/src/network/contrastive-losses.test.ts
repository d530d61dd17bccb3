import '@tensorflow/tfjs';
import {
  grad,
  setBackend,
  tensor1d,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cosinePairLoss, cosines, multipleNegativesLoss, supervisedContrastiveLoss } from './contrastive-losses.ts';

beforeAll(() => setBackend('cpu'));

const length = (row: readonly number[]) => Math.hypot(...row);
const cosine = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (length(a) * length(b));
const mean = (values: readonly number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
const entropy = (logits: readonly number[], own: number) =>
  Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[own]!;

/** Four rows in general position; the first two and the last two belong together. */
const ROWS = [
  [1, 2, -0.5],
  [0.3, 1, 1],
  [-1, 0.4, 2],
  [0.7, -2, 0.1],
];
const GROUPS = [3, 3, 1, 1];
const TEMPERATURE = 0.5;

/** The formulas in double precision, pair by pair. */
const formulas = {
  cosinePairLoss: (rows: readonly number[][]) => {
    const pairs = rows.flatMap((a, i) =>
      rows.flatMap((b, j) => (i < j ? [{ same: GROUPS[i] === GROUPS[j], value: cosine(a, b) }] : [])),
    );
    const like = pairs.filter(({ same }) => same).map(({ value }) => (1 - value) ** 2);
    const unlike = pairs.filter(({ same }) => !same).map(({ value }) => value ** 2);
    return (mean(like) + mean(unlike)) / 2;
  },
  supervisedContrastiveLoss: (rows: readonly number[][]) => {
    return mean(
      rows.map((row, i) => {
        const others = rows.flatMap((other, j) =>
          j === i ? [] : [{ same: GROUPS[j] === GROUPS[i], logit: cosine(row, other) / TEMPERATURE }],
        );
        const logits = others.map(({ logit }) => logit);
        return mean(others.flatMap(({ same }, j) => (same ? [entropy(logits, j)] : [])));
      }),
    );
  },
  multipleNegativesLoss: (rows: readonly number[][]) => {
    const candidates = rows.slice(2);
    return mean(
      rows.slice(0, 2).map((query, i) =>
        entropy(
          candidates.map((candidate) => cosine(query, candidate) / TEMPERATURE),
          i,
        ),
      ),
    );
  },
};

const losses: Record<keyof typeof formulas, (rows: Tensor2D) => Scalar> = {
  cosinePairLoss: (rows) => cosinePairLoss(rows, tensor1d(GROUPS, 'int32')),
  supervisedContrastiveLoss: (rows) => supervisedContrastiveLoss(rows, tensor1d(GROUPS, 'int32'), TEMPERATURE),
  multipleNegativesLoss: (rows) =>
    multipleNegativesLoss(rows.slice([0, 0], [2, 3]), rows.slice([2, 0], [2, 3]), TEMPERATURE),
};

describe('contrastive losses', () => {
  it.each(Object.keys(formulas) as (keyof typeof formulas)[])(
    '%s and its gradient are those of the formula',
    (name) => {
      const formula = formulas[name];
      const [value, gradient] = tidy(() => {
        const rows = tensor2d(ROWS);
        return [
          losses[name](rows).arraySync(),
          grad((x: Tensor) => losses[name](x as Tensor2D))(rows).arraySync() as number[][],
        ];
      });
      expect(value).toBeCloseTo(formula(ROWS), 5);
      ROWS.forEach((row, i) =>
        row.forEach((_, k) => {
          const at = (by: number) =>
            formula(ROWS.map((other, j) => (j === i ? other.map((x, m) => (m === k ? x + by : x)) : other)));
          expect(gradient[i]![k]).toBeCloseTo((at(1e-4) - at(-1e-4)) / 2e-4, 4);
        }),
      );
    },
  );

  it('are known where vectors are equal, opposite or at right angles', () => {
    const [x, y] = [
      [2, 0],
      [0, 3],
    ];
    const loss = (rows: readonly number[][], groups: readonly number[]) =>
      tidy(() => cosinePairLoss(tensor2d(rows as number[][]), tensor1d([...groups], 'int32')).arraySync());
    expect(loss([x, x, y, y], [0, 0, 1, 1])).toBeCloseTo(0, 6);
    // Like pairs at a right angle: (1 - 0)² / 2. Unlike pairs: of four, two are equal, (1 + 1 + 0 + 0) / 4 / 2.
    expect(loss([x, y, x, y], [0, 0, 1, 1])).toBeCloseTo(0.5 + 0.25, 6);
    expect(
      tidy(() => cosines(tensor2d([x]), tensor2d([[-5, 0], y, [0, 0]])).arraySync())[0]!.map(
        (value) => Math.round(value * 1e6) / 1e6 + 0,
      ),
    ).toEqual([-1, 0, 0]);
  });

  it('are zero without a pair, and so is their gradient', () => {
    const alone = (loss: (x: Tensor2D, groups: Tensor1D) => Scalar) =>
      tidy(() => {
        const row = tensor2d([[1, 2]]);
        const groups = tensor1d([0], 'int32');
        return [loss(row, groups).arraySync(), ...grad((x: Tensor) => loss(x as Tensor2D, groups))(row).dataSync()];
      });
    for (const values of [alone(cosinePairLoss), alone((x, groups) => supervisedContrastiveLoss(x, groups, 1))])
      values.forEach((value) => expect(value).toBeCloseTo(0, 6));
  });
});
