import '@tensorflow/tfjs';
import { scalar, tensor1d, tensor2d, variableGrads, type Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { AuxiliaryLayers } from '../network/auxiliary-layers.ts';
import type { LossTerm } from '../network/loss-term.ts';
import { RandomStream } from '../random/random-stream.ts';
import { StepRandom } from '../random/step-random.ts';
import { ProjectedProducts } from './projected-products.ts';
import { adversarialTerm, conditionalTerm, marginDisparityTerm } from './terms.ts';

const ROWS = 4;
const WIDTH = 3;
const LABELS = ['a', 'b'];
const table = (columns: number, phase: number) =>
  tensor2d(
    Array.from({ length: ROWS }, (_, i) => Array.from({ length: columns }, (_, j) => Math.sin(phase + 3 * i + j))),
    [ROWS, columns],
  );

/** The gradients of a term by embeddings, and by the weights of its layers, after that share of training. */
function gradients(term: LossTerm, progress: number) {
  const layers = AuxiliaryLayers.create(
    [term],
    { features: {}, embedding: WIDTH, labels: LABELS },
    new RandomStream(1),
  );
  const embedding = table(WIDTH, 1).variable() as never as Tensor2D;
  const { grads } = variableGrads(() =>
    term.value({
      labelled: { embedding, outputs: { logits: table(2, 2) }, targets: {}, features: {} },
      unlabelled: { embedding: table(WIDTH, 4), outputs: { logits: table(2, 5) }, derived: {}, features: {} },
      layers: layers.of(term),
      mode: { training: true, random: new StepRandom(tensor1d([1, 2], 'int32')) },
      progress: scalar(progress),
    } as never),
  );
  const own = [...layers.variables()].map(([, { value }]) => grads[value.name]!);
  const reversed = Object.entries(grads).filter(([name]) => name === (embedding as never as { name: string }).name);
  return { embedding: [...reversed[0]![1].dataSync()], own };
}

const most = (values: readonly number[]) => Math.max(...values.map(Math.abs));

describe('adversarial terms', () => {
  it.each([
    ['DANN', adversarialTerm()],
    ['CDAN', conditionalTerm({ entropy: false })],
    ['CDAN+E', conditionalTerm()],
    ['MDD', marginDisparityTerm()],
  ] as const)('%s: the gradient reaches features by the schedule, its own layers whole', (_, term) => {
    const begun = gradients(term, 0);
    const half = gradients(term, 0.5);
    const late = gradients(term, 0.999999);
    expect(most(begun.embedding)).toBe(0);
    expect(begun.own.every((gradient, i) => most([...gradient.sub(late.own[i]!).dataSync()]) < 1e-6)).toBe(true);
    expect(most(begun.own.flatMap((gradient) => [...gradient.dataSync()]))).toBeGreaterThan(0);
    // 2 / (1 + exp(-10 p)) - 1 is 0.9866142982 at a half and 0.9999092 at the end, each times what the term reverses at most.
    half.embedding.forEach((value, i) =>
      expect(value / late.embedding[i]!).toBeCloseTo(0.9866142982 / 0.9999092043, 4),
    );
  });

  it('projects products: their expected value is that of the products themselves', () => {
    // E[((f R)·(g S)) · ((f' R)·(g' S))] over width = (f·f') (g·g'), by rows independent of one another.
    const width = 20_000;
    const layer = new ProjectedProducts(2, 2, width);
    layer.initialise(new RandomStream(3));
    const [first, second] = [
      layer.forward(tensor2d([[1, 2]]), tensor2d([[0.25, 0.75]])),
      layer.forward(tensor2d([[3, -1]]), tensor2d([[0.5, 0.5]])),
    ];
    // (1·3 - 2·1) (0.125 + 0.375) = 0.5; the products' spread is about |f||f'||g||g'| · 3 = 12, over √20,000.
    expect(Math.abs(first.mul(second).sum().dataSync()[0]! - 0.5)).toBeLessThan((4 * 12) / Math.sqrt(width));
    expect(layer.variables.every(({ role }) => role === 'statistic')).toBe(true);
  });
});
