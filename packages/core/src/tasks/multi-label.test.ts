import '@tensorflow/tfjs';
import { grad, setBackend, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import { multiLabelLearning, multiLabelLoss } from './multi-label-learning.ts';
import { oneClass, severalLabels } from './sample-targets.ts';

beforeAll(() => setBackend('cpu'));

const sample = (truth: Partial<Sample>): Sample => ({ id: 'a', digest: '', ...truth });

function data(labels: readonly string[], samples: TargetData['samples']): TargetData {
  return { id: 'samples', modality: 'image', reader: 'none', labels, samples, skipped: [] };
}

describe('targets', () => {
  it('are one-hot for one class, and a 1 a label for several', () => {
    const one = sample({ label: 1 });
    expect(oneClass(3).of(one)).toEqual({ label: Float32Array.of(0, 1, 0) });
    expect(severalLabels(3).of(sample({ labels: [0, 2] }))).toEqual({ label: Float32Array.of(1, 0, 1) });
    expect(severalLabels(3).of(sample({ labels: [] }))).toEqual({ label: new Float32Array(3) });
    expect(severalLabels(3).of(one)).toEqual({ label: Float32Array.of(0, 1, 0) });
    for (const truth of [{}, { label: 3 }])
      expect(() => oneClass(3).of(sample(truth))).toThrow(expect.objectContaining({ code: 'label-invalid' }));
    for (const truth of [{}, { labels: [0, 3] }])
      expect(() => severalLabels(3).of(sample(truth))).toThrow(expect.objectContaining({ code: 'label-invalid' }));
  });
});

describe('binary cross-entropy', () => {
  it('is the mean of -(t log σ(z) + (1 - t) log(1 - σ(z))), finite for large logits, its gradient (σ(z) - t) / n', () => {
    // σ(ln 3) = 3/4.
    const z = [
      [Math.log(3), 0],
      [-500, 500],
    ];
    const t = [
      [1, 0],
      [1, 1],
    ];
    const [loss, smoothed, gradient] = tidy(() => {
      const [logits, truth] = [tensor2d(z), tensor2d(t)];
      return [
        multiLabelLoss(logits, truth).arraySync(),
        multiLabelLoss(tensor2d([[Math.log(3)]]), tensor2d([[1]]), 0.2).arraySync(),
        grad((x: Tensor) => multiLabelLoss(x, truth))(logits).arraySync() as number[][],
      ];
    });
    expect(loss).toBeCloseTo((Math.log(4 / 3) + Math.log(2) + 500 + 0) / 4, 4);
    expect(smoothed).toBeCloseTo(0.9 * Math.log(4 / 3) + 0.1 * Math.log(4), 5);
    [
      [-1 / 16, 1 / 8],
      [-1 / 4, 0],
    ]
      .flat()
      .forEach((value, i) => expect(gradient.flat()[i]).toBeCloseTo(value, 5));
  });
});

describe('what can be learned', () => {
  const refused = (target: TargetData) => {
    try {
      multiLabelLearning().check(target);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return undefined;
  };

  it('is labels that have a sample each to learn from, in lists or alone', () => {
    const one = { sample: sample({ label: 0 }) };
    const both = { sample: sample({ labels: [0, 1] }) };
    expect(refused(data(['x', 'y'], [both]))).toBeUndefined();
    expect(refused(data(['x', 'y'], [one, { sample: sample({ label: 1 }) }]))).toBeUndefined();
    expect(refused(data(['x', 'y'], [one]))).toBe('target-too-small');
    expect(refused(data(['x', 'y'], [one, { ...both, split: 'test' }]))).toBe('target-too-small');
    expect(refused(data(['x'], []))).toBe('target-empty');
    expect(refused(data([], [{ sample: sample({ labels: [] }) }]))).toBe('target-too-small');
  });
});

describe('predictions', () => {
  it('are the labels of one half and more, and up to five, the likeliest first', async () => {
    const labels = ['a', 'b', 'c', 'd', 'e', 'f'];
    // σ(ln 3) = 3/4, σ(0) = 1/2, σ(-ln 3) = 1/4.
    const logits = tensor2d([
      [0, Math.log(3), -Math.log(3), -9, -9, -9],
      [-Math.log(3), -9, -9, -9, -9, -9],
    ]);
    const [first, second] = await multiLabelLearning().decode({ logits }, labels);
    logits.dispose();
    expect(first!.labels.map(({ label }) => label)).toEqual(['b', 'a']);
    expect(first!.labels[0]!.probability).toBeCloseTo(0.75, 6);
    expect(first!.top.map(({ label }) => label)).toEqual(['b', 'a', 'c', 'd', 'e']);
    expect(second!.labels).toEqual([]);
    expect([first!, second!].map(multiLabelLearning().describe)).toEqual(['b 75.0%, a 50.0%', 'none (a 25.0%)']);
  });
});
