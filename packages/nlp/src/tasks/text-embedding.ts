import { checkClasses, HeadstartError, type TargetData, type Task } from '@headstart/core';
import { groupRetrievalEvaluator, retrievalEvaluator } from '@headstart/core/metrics';
import { multipleNegativesLoss, supervisedContrastiveLoss, type Tensors } from '@headstart/core/network';
import type { SampleTargets } from '@headstart/core/tasks';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { parseText } from '../texts/parse-text.ts';
import { textPage, vectorsOutput } from '../texts/text-page.ts';
import { TextEncoder } from '../texts/text-encoder.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { viewTextsApart } from '../texts/view-text.ts';
import { TEXT_DEFAULTS } from './text-classification.ts';
import { pairsOf, textVectorsHead } from './text-vectors-head.ts';

export const TEXT_EMBEDDING = 'text-embedding';

/** A text's vector. */
export interface EmbeddingPrediction {
  readonly embedding: readonly number[];
}

const GROUP = 'group';
/** What cosines are divided by: 1 over the usual scale of 20. */
const TEMPERATURE = 0.05;

/**
 * Learns vectors by which texts that belong together find one another: the two texts of a pair (multiple-negatives
 * ranking with the other pairs of a batch), or texts of one label (supervised contrast within a batch).
 */
export const textEmbedding: Task<TextSample, EmbeddingPrediction> = {
  id: TEXT_EMBEDDING,
  modality: 'text',
  description: 'Vectors by which texts that belong together find one another: pairs, or texts of one label',
  defaults: { ...TEXT_DEFAULTS, strategy: 'fine-tune' },
  augmentations: ['none'],
  monitor: { metric: 'mrr', mode: 'max' },
  pairedBatches: true,
  check: checkBelonging,
  encoder: ({ backbone, labels }) =>
    labels.length > 0 ? new TextEncoder(backbone, byLabel) : new TextEncoder(backbone, byPair, true),
  buildHead: (backbone, labels) =>
    textVectorsHead(backbone, (vectors): Tensors => {
      if (labels.length > 0) return { embeddings: vectors };
      const { first, second } = pairsOf(vectors);
      return { embeddings: first, candidates: second };
    }),
  loss(outputs, targets) {
    const [embeddings, candidates] = [outputs['embeddings'] as Tensor2D, outputs['candidates'] as Tensor2D | undefined];
    if (candidates) return multipleNegativesLoss(embeddings, candidates, TEMPERATURE);
    return supervisedContrastiveLoss(embeddings, targets[GROUP] as Tensor1D, TEMPERATURE);
  },
  evaluator: (labels) =>
    labels.length > 0
      ? groupRetrievalEvaluator({ embeddings: 'embeddings', groups: GROUP })
      : retrievalEvaluator({ queries: 'embeddings', candidates: 'candidates' }),
  async decode(outputs) {
    const {
      shape: [rows, width],
    } = outputs['embeddings'] as Tensor2D;
    const values = await outputs['embeddings']!.data<'float32'>();
    return Array.from({ length: rows }, (_, row) => ({
      embedding: Array.from(values.subarray(row * width, (row + 1) * width)),
    }));
  },
  page: (model) => textPage(model, { accepts: 'text', output: vectorsOutput('embeddings', 'vector') }),
  parseInput: parseText,
  view: viewTextsApart,
  describe: ({ embedding }) =>
    `${embedding.length} numbers: ${embedding
      .slice(0, 4)
      .map((value) => value.toFixed(4))
      .join(', ')}, …`,
};

/** Of pairs nothing needs to be known but that they are pairs. */
const byPair: SampleTargets = { specs: {}, of: () => ({}) };

const byLabel: SampleTargets = {
  specs: { [GROUP]: { shape: [], dtype: 'int32' } },
  of({ id, label }) {
    if (label !== undefined) return { [GROUP]: Int32Array.of(label) };
    throw new HeadstartError({
      code: 'label-invalid',
      message: `${id} has no label.`,
      hint: 'Only labelled texts can be learned from or evaluated on.',
    });
  },
};

/** @throws HeadstartError `target-empty`, `target-too-small`, `not-supported` */
function checkBelonging(target: TargetData<TextSample>): void {
  const { id, labels, samples } = target;
  if (labels.length > 0) return checkClasses(target);
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no pair of texts.`,
      hint: 'Give pairs of texts that belong together, or texts with labels.',
    });
  }
  const scored = samples.find(({ sample: { score } }) => score !== undefined)?.sample;
  if (scored) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${scored.id} has a score, while text-embedding takes every pair as one that belongs together.`,
      hint: 'Give --task text-similarity, which learns from scores, or leave the scores out.',
    });
  }
  const alone = samples.find(({ sample: { pair } }) => pair === undefined)?.sample;
  if (!alone) return;
  throw new HeadstartError({
    code: 'target-too-small',
    message: `${alone.id} has neither a second text nor a label.`,
    hint: 'Name the columns with the reader options pair-column or label-column.',
  });
}
