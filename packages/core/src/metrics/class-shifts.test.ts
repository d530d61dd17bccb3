import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { fitClassShifts } from './class-shifts.ts';
import { softmaxRows } from './softmax-rows.ts';

it('is the difference of log odds where a model says the same of every sample', () => {
  // It says 0.2 of a class that half of the weight is in: odds of 1 in place of 1/4, so ln 4 between the two classes.
  const probabilities = Float32Array.of(0.8, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.2);
  const shifts = fitClassShifts({ labels: ['a', 'b'], probabilities, truth: Int32Array.of(0, 0, 0, 1) }, [1, 1, 1, 3]);
  expect(shifts[1]! - shifts[0]!).toBeCloseTo(Math.log(4), 5);
  expect(shifts[0]! + shifts[1]!).toBeCloseTo(0, 12);
});

const labels = ['a', 'b', 'c'];
const CLASSES = labels.length;
const SHIFTS = [0.7, -1.2, 0.5];

/** Logits, and truth drawn by the softmax of these logits with `SHIFTS` added. */
function drawn(samples: number) {
  const random = new RandomStream('shifts');
  const logits = Float32Array.from({ length: samples * CLASSES }, () => 2 * random.normal());
  const honest = softmaxRows(
    logits.map((z, i) => z + SHIFTS[i % CLASSES]!),
    CLASSES,
  );
  const truth = Int32Array.from({ length: samples }, (_, i) => {
    let left = random.next();
    for (let j = 0; j < CLASSES - 1; j++) if ((left -= honest[i * CLASSES + j]!) < 0) return j;
    return CLASSES - 1;
  });
  return { logits, truth };
}

it('finds what logits lack, and leaves the weighed mean of each class at the share of its weight', () => {
  const { logits, truth } = drawn(20_000);
  const evidence = { labels, probabilities: softmaxRows(logits, CLASSES), truth };
  const found = fitClassShifts(evidence, new Array<number>(truth.length).fill(1));
  found.forEach((shift, j) => expect(Math.abs(shift - SHIFTS[j]!)).toBeLessThan(0.08)); // three standard errors of 20,000 samples

  const weights = Array.from(truth, (label, i) => [3, 1, 0.5][label]! * (1 + (i % 2)));
  const weighed = fitClassShifts(evidence, weights);
  const after = softmaxRows(
    logits.map((z, i) => z + weighed[i % CLASSES]!),
    CLASSES,
  );
  for (let j = 0; j < CLASSES; j++) {
    const share = weights.reduce((sum, weight, i) => sum + (truth[i] === j ? weight : 0), 0);
    const mean = weights.reduce((sum, weight, i) => sum + weight * after[i * CLASSES + j]!, 0);
    expect(mean / share).toBeCloseTo(1, 3);
  }
});

it('moves nothing where each sample is known for sure, and leaves a class without samples as it is', () => {
  const sure = { labels, probabilities: Float32Array.of(1, 0, 0, 0, 1, 0), truth: Int32Array.of(0, 1) };
  for (const shift of fitClassShifts(sure, [1, 5])) expect(shift).toBeCloseTo(0, 5);
});
