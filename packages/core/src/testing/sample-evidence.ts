import type { EvidenceKinds } from '../metrics/metric.ts';
import { RandomStream } from '../random/random-stream.ts';

/** Evidence to try a metric on. */
export interface MetricTrials<Kind extends keyof EvidenceKinds> {
  /** Such as a model gives that is right more often than not. */
  readonly usual: readonly EvidenceKinds[Kind][];
  /** Of no sample, of one, of samples that are all alike: a number may not exist for it. */
  readonly odd: readonly EvidenceKinds[Kind][];
  /** The same with its samples in another order. */
  readonly reordered: (evidence: EvidenceKinds[Kind]) => EvidenceKinds[Kind];
  readonly samples: (evidence: EvidenceKinds[Kind]) => number;
}

const SAMPLES = 40;
const random = () => new RandomStream('evidence');

/** An order of so many samples that is not theirs. */
function otherOrder(samples: number): number[] {
  const draws = Array.from(
    { length: samples },
    (
      (draw) => () =>
        draw.normal()
    )(random().child('order')),
  );
  return Array.from(draws.keys()).sort((a, b) => draws[a]! - draws[b]!);
}

type Rows = Float32Array | Int32Array | Uint8Array;

/** The rows of a row-major array, taken in an order. */
function taken<T extends Rows>(values: T, order: readonly number[]): T {
  const width = order.length === 0 ? 0 : values.length / order.length;
  const rows = order.flatMap((row) => Array.from(values.subarray(row * width, (row + 1) * width)));
  return new (values.constructor as new (values: number[]) => T)(rows);
}

const labelled = (count: number) => Array.from({ length: count }, (_, i) => `label ${i}`);

function classification(classes: number, samples: number, truthOf = (sample: number) => sample % classes) {
  const draw = random().child('classification', classes);
  const truth = Int32Array.from({ length: samples }, (_, i) => truthOf(i));
  const probabilities = Float32Array.from(
    Array.from(truth).flatMap((label) => {
      const scores = Array.from({ length: classes }, (_, i) => Math.exp(draw.normal() + (i === label ? 1.5 : 0)));
      const total = scores.reduce((sum, score) => sum + score, 0);
      return scores.map((score) => score / total);
    }),
  );
  return { labels: labelled(classes), probabilities, truth };
}

function multiLabel(samples: number, carries = (sample: number, label: number) => (sample + label) % 3 === 0) {
  const draw = random().child('multi-label');
  const labels = labelled(4);
  const truth = Uint8Array.from({ length: samples * labels.length }, (_, i) =>
    Number(carries(Math.floor(i / labels.length), i % labels.length)),
  );
  const probabilities = Float32Array.from(truth, (own) => 1 / (1 + Math.exp(-draw.normal() - (own ? 1 : -1))));
  return { labels, probabilities, truth };
}

function scores(samples: number, truthOf?: number) {
  const draw = random().child('scores');
  const truth = Float32Array.from({ length: samples }, () => truthOf ?? draw.normal());
  return { truth, predicted: truth.map((value) => truthOf ?? value + 0.5 * draw.normal()) };
}

const retrieval = (ranks: readonly number[]) => ({ ranks: Int32Array.from(ranks) });

/** Trials of metrics of the kinds of evidence that core's own evaluators give. */
export const coreTrials: {
  readonly [Kind in 'classification' | 'multi-label' | 'scores' | 'retrieval']: MetricTrials<Kind>;
} = {
  classification: {
    usual: [classification(2, SAMPLES), classification(3, SAMPLES), classification(7, SAMPLES)],
    odd: [classification(3, 0), classification(3, 1), classification(3, SAMPLES, () => 1)],
    samples: ({ truth }) => truth.length,
    reordered(evidence) {
      const { probabilities, truth } = evidence;
      const order = otherOrder(truth.length);
      return { ...evidence, probabilities: taken(probabilities, order), truth: taken(truth, order) };
    },
  },
  'multi-label': {
    usual: [multiLabel(SAMPLES)],
    odd: [multiLabel(0), multiLabel(1), multiLabel(SAMPLES, () => false), multiLabel(SAMPLES, () => true)],
    samples: ({ truth, labels }) => truth.length / labels.length,
    reordered({ labels, probabilities, truth }) {
      const order = otherOrder(truth.length / labels.length);
      return { labels, probabilities: taken(probabilities, order), truth: taken(truth, order) };
    },
  },
  scores: {
    usual: [scores(SAMPLES)],
    odd: [scores(0), scores(1), scores(SAMPLES, 0.5)],
    samples: ({ truth }) => truth.length,
    reordered({ predicted, truth }) {
      const order = otherOrder(truth.length);
      return { predicted: taken(predicted, order), truth: taken(truth, order) };
    },
  },
  retrieval: {
    usual: [retrieval([0, 0, 1, 0, 4, 12, 0, 2, 30, 1])],
    odd: [retrieval([]), retrieval([0]), retrieval([5, 5, 5])],
    samples: ({ ranks }) => ranks.length,
    reordered: ({ ranks }) => ({ ranks: taken(ranks, otherOrder(ranks.length)) }),
  },
};
