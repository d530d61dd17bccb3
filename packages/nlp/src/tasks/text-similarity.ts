import { HeadstartError, type TargetData, type Task } from '@headstart/core';
import { scoreEvaluator } from '@headstart/core/metrics';
import type { SampleTargets } from '@headstart/core/tasks';
import {
  add,
  cast,
  concat,
  expandDims,
  greater,
  logSumExp,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  zeros,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { parsePair } from '../texts/parse-text.ts';
import { textPage, vectorsOutput } from '../texts/text-page.ts';
import { TextEncoder } from '../texts/text-encoder.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { viewTextsApart } from '../texts/view-text.ts';
import { TEXT_DEFAULTS } from './text-classification.ts';
import { pairsOf, textVectorsHead } from './text-vectors-head.ts';

export const TEXT_SIMILARITY = 'text-similarity';

/** How alike two texts are: the cosine of their vectors, from -1 to 1. */
export interface SimilarityPrediction {
  readonly similarity: number;
}

const SCORE = 'score';
/** What differences of cosines are multiplied by. */
const SHARPNESS = 20;
/** Added to what does not count in a sum of exponentials. */
const NOTHING = -1e9;

/** Learns to put texts as close to one another as they are alike. */
export const textSimilarity: Task<TextSample, SimilarityPrediction> = {
  id: TEXT_SIMILARITY,
  modality: 'text',
  description: 'How alike two texts are',
  defaults: { ...TEXT_DEFAULTS, strategy: 'fine-tune' },
  augmentations: ['none'],
  monitor: { metric: 'spearman', mode: 'max' },
  check: checkScores,
  encoder: ({ backbone }) => new TextEncoder(backbone, scores, true),
  buildHead: (backbone) =>
    textVectorsHead(backbone, (vectors) => {
      const { first, second } = pairsOf(vectors);
      return { similarity: pairCosines(first, second) };
    }),
  loss: (outputs, targets) => cosentLoss(outputs['similarity'] as Tensor1D, targets[SCORE] as Tensor1D),
  // Squared differences say nothing where scores are on a scale of their own.
  evaluator: () => scoreEvaluator({ predicted: 'similarity', truth: SCORE, compared: 'order' }),
  async decode(outputs) {
    return Array.from(await outputs['similarity']!.data<'float32'>(), (similarity) => ({ similarity }));
  },
  page: (model) =>
    textPage(model, { accepts: 'text-pair', apart: true, output: vectorsOutput('similarity', 'cosine') }),
  parseInput: parsePair,
  view: viewTextsApart,
  describe: ({ similarity }) => `similarity ${similarity.toFixed(3)}`,
};

const scores: SampleTargets = {
  specs: { [SCORE]: { shape: [], dtype: 'float32' } },
  of({ id, score }) {
    if (score !== undefined) return { [SCORE]: Float32Array.of(score) };
    throw new HeadstartError({
      code: 'label-invalid',
      message: `${id} has no score.`,
      hint: 'Only pairs with a score can be learned from or evaluated on.',
    });
  },
};

/** The cosine of each row of one matrix with the same row of the other: `[n]`. */
export function pairCosines(a: Tensor2D, b: Tensor2D): Tensor1D {
  const inverse = (x: Tensor2D) => rsqrt(add(sum(square(x), 1), 1e-12));
  return mul(mul(sum<Tensor1D>(mul(a, b), 1), inverse(a)), inverse(b));
}

/**
 * CoSENT (Su, 2022): `log(1 + Σ exp(20 (cosⱼ - cosᵢ)))` over all i, j of the batch with scoreᵢ > scoreⱼ. Only the order
 * of scores counts, so that they may be on any scale. Both `[batch]`.
 */
export function cosentLoss(similarity: Tensor1D, score: Tensor1D): Scalar {
  const differences = mul(sub(expandDims(similarity, 0), expandDims(similarity, 1)), SHARPNESS);
  const counts = cast(greater(expandDims(score, 1), expandDims(score, 0)), 'float32');
  const terms = add(mul(differences, counts), mul(sub(1, counts), NOTHING));
  return logSumExp(concat([reshape(terms, [-1]), zeros([1])]));
}

/** @throws HeadstartError `target-empty`, `target-too-small` */
function checkScores({ id, samples }: TargetData<TextSample>): void {
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no pair of texts.`,
      hint: 'Give pairs of texts with a score each.',
    });
  }
  const incomplete = samples.find(({ sample: { pair, score } }) => pair === undefined || score === undefined)?.sample;
  if (incomplete) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${incomplete.id} has no ${incomplete.pair === undefined ? 'second text' : 'score'}.`,
      hint: 'Give pairs of texts with a score each; name the columns with the reader options pair-column and score-column.',
    });
  }
  if (new Set(samples.flatMap(({ sample: { score }, split = 'train' }) => (split === 'train' ? [score] : []))).size > 1)
    return;
  throw new HeadstartError({
    code: 'target-too-small',
    message: `All pairs of ${id} that can be learned from have the same score.`,
    hint: 'Add pairs that are more or less alike; pairs that all belong together are learned by --task text-embedding.',
  });
}
