import { mean, mul, softmax, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import { reverseGradient } from '../network/reverse-gradient.ts';
import { stopGradient } from '../network/stop-gradient.ts';
import type { Tensors } from '../network/tensors.ts';
import { entropyLoss, informationMaximisationLoss, nuclearNormLoss } from './certainty.ts';
import { classConfusionLoss, MCC_TEMPERATURE } from './class-confusion.ts';
import { ConditionalDiscriminator } from './conditional-discriminator.ts';
import { DenseNetwork } from './dense-network.ts';
import { certaintyWeights, domainLoss, reversalScale, weighedDomainLoss } from './domain-confusion.ts';
import { coralLoss, deepCoralLoss, meanDiscrepancy } from './domain-distances.ts';
import { marginDisparity, maskedCrossEntropy, MDD_GAMMA } from './margin-disparity.ts';
import { neighbourLoss } from './neighbours.ts';

/** What a term counts beside the task's loss. */
export interface TermOptions {
  /** 1 where absent. */
  readonly weight?: number;
}

/** Hidden layers of discriminators and of MDD's second head. */
const HIDDEN = 256;

/** What is derived of each unlabelled sample for `pseudoLabelTerm` and `neighbourTerm`: `[classes]` each. */
export const DERIVED_CLASSES = 'classes';

/** A classifier's logits, `[batch, classes]`. */
function logitsOf(outputs: Tensors): Tensor2D {
  return outputs['logits'] as Tensor2D;
}

/** A term of what the head says of unlabelled samples. */
function certaintyTerm(name: string, loss: (logits: Tensor2D) => Scalar, weight = 1): LossTerm {
  return lossTerm({
    name,
    needs: { labelled: false, outputs: true, unlabelled: true },
    value: ({ unlabelled }) => mul(loss(logitsOf(unlabelled.outputs)), weight),
  });
}

/** A distance between the embeddings of the two domains. */
function distanceTerm(name: string, loss: (labelled: Tensor2D, unlabelled: Tensor2D) => Scalar, weight = 1): LossTerm {
  return lossTerm({
    name,
    needs: { embedding: true, unlabelled: true },
    value: ({ labelled, unlabelled }) => mul(loss(labelled.embedding, unlabelled.embedding), weight),
  });
}

/** `coralLoss`, or `deepCoralLoss` where `deep` says so. */
export function coralTerm({ weight, deep = false }: TermOptions & { readonly deep?: boolean } = {}): LossTerm {
  return distanceTerm('coral', deep ? deepCoralLoss : coralLoss, weight);
}

/** `meanDiscrepancy` of embeddings, unbiased, by DAN's kernels. */
export function meanDiscrepancyTerm({ weight }: TermOptions = {}): LossTerm {
  return distanceTerm('dan', (labelled, unlabelled) => meanDiscrepancy(labelled, unlabelled), weight);
}

/** `classConfusionLoss` of unlabelled samples. */
export function classConfusionTerm({
  weight,
  temperature = MCC_TEMPERATURE,
}: TermOptions & { readonly temperature?: number } = {}): LossTerm {
  return certaintyTerm('mcc', (logits) => classConfusionLoss(logits, temperature), weight);
}

/** `informationMaximisationLoss` of unlabelled samples. */
export function informationMaximisationTerm({ weight }: TermOptions = {}): LossTerm {
  return certaintyTerm('im', informationMaximisationLoss, weight);
}

/** `nuclearNormLoss` of unlabelled samples. */
export function nuclearNormTerm({ weight }: TermOptions = {}): LossTerm {
  return certaintyTerm('bnm', nuclearNormLoss, weight);
}

/** `entropyLoss` of unlabelled samples. */
export function entropyTerm({ weight }: TermOptions = {}): LossTerm {
  return certaintyTerm('entropy', entropyLoss, weight);
}

/**
 * Nothing is added to the loss: unlabelled batches pass the network, so that what normalises by batches keeps the statistics of their
 * domain (AdaBN, Li et al., 2016, arXiv 1603.04779).
 */
export function domainStatisticsTerm(): LossTerm {
  return lossTerm({
    name: 'adabn',
    needs: { labelled: false, embedding: true, unlabelled: true },
    value: ({ unlabelled }) => mul(mean<Scalar>(unlabelled.embedding), 0),
  });
}

/** DANN: a discriminator of embeddings, whose gradient reaches them reversed, by `reversalScale`. */
export function adversarialTerm({ weight = 1 }: TermOptions = {}): LossTerm {
  return lossTerm({
    name: 'dann',
    needs: { embedding: true, unlabelled: true },
    layers: ({ embedding }) => ({
      discriminator: new DenseNetwork({ inputs: embedding, hidden: [HIDDEN, HIDDEN], outputs: 1 }),
    }),
    value({ labelled, unlabelled, layers: { discriminator }, progress }) {
      const scale = reversalScale(progress);
      const judge = (embedding: Tensor2D) => discriminator.forward(reverseGradient(embedding, scale));
      return mul(domainLoss(judge(labelled.embedding), judge(unlabelled.embedding)), weight);
    },
  });
}

/**
 * CDAN: the discriminator sees each feature times each class's probability, or 1,024 random projections of these products where there
 * are more than 4,096; `entropy` weighs samples by how sure their class is (CDAN+E).
 */
export function conditionalTerm({
  weight = 1,
  entropy = true,
}: TermOptions & { readonly entropy?: boolean } = {}): LossTerm {
  return lossTerm({
    name: 'cdan',
    needs: { embedding: true, outputs: true, unlabelled: true },
    layers: ({ embedding, labels }) => ({
      discriminator: new ConditionalDiscriminator(embedding, labels.length, [HIDDEN, HIDDEN]),
    }),
    value({ labelled, unlabelled, layers: { discriminator }, progress }) {
      const scale = reversalScale(progress);
      const [own, others] = [labelled, unlabelled].map(({ outputs }) => stopGradient(softmax(logitsOf(outputs))));
      const judge = (embedding: Tensor2D, probabilities: Tensor2D) =>
        discriminator.forward(reverseGradient(embedding, scale), probabilities);
      const weights = entropy ? certaintyWeights(own!, others!) : undefined;
      const judged = [judge(labelled.embedding, own!), judge(unlabelled.embedding, others!)] as const;
      return mul(weighedDomainLoss(...judged, weights), weight);
    },
  });
}

/** How much of MDD's reversed gradient reaches the features at most, as in TLlib. */
const MDD_REVERSAL = 0.1;

/** MDD: a second head learns to agree with the classifier on labelled samples alone, and the features that it cannot. */
export function marginDisparityTerm({
  weight = 1,
  gamma = MDD_GAMMA,
}: TermOptions & { readonly gamma?: number } = {}): LossTerm {
  return lossTerm({
    name: 'mdd',
    needs: { embedding: true, outputs: true, unlabelled: true },
    layers: ({ embedding, labels }) => ({
      adversary: new DenseNetwork({ inputs: embedding, hidden: [HIDDEN], outputs: labels.length }),
    }),
    value({ labelled, unlabelled, layers: { adversary }, progress }) {
      const scale = mul<Scalar>(reversalScale(progress), MDD_REVERSAL);
      const opinions = ({ embedding, outputs }: { embedding: Tensor2D; outputs: Tensors }) => ({
        outputs: logitsOf(outputs),
        adversary: adversary.forward(reverseGradient(embedding, scale)),
      });
      return mul(marginDisparity(opinions(labelled), opinions(unlabelled), gamma), -weight);
    },
  });
}

/** The cross-entropy of unlabelled samples against the classes that were derived of them, over all of the batch; see `DERIVED_CLASSES`. */
export function pseudoLabelTerm({ weight = 1 }: TermOptions = {}): LossTerm {
  return lossTerm({
    name: 'self-training',
    needs: { labelled: false, outputs: true, unlabelled: true },
    value: ({ unlabelled: { outputs, derived } }) =>
      mul(maskedCrossEntropy(logitsOf(outputs), derived[DERIVED_CLASSES] as Tensor2D), weight),
  });
}

/** NRC's loss of unlabelled samples, of the `neighbourOpinions` that were derived of them; see `DERIVED_CLASSES`. */
export function neighbourTerm({ weight = 1 }: TermOptions = {}): LossTerm {
  return lossTerm({
    name: 'nrc',
    needs: { labelled: false, outputs: true, unlabelled: true },
    value: ({ unlabelled: { outputs, derived } }) =>
      mul(neighbourLoss(logitsOf(outputs), derived[DERIVED_CLASSES] as Tensor2D), weight),
  });
}
