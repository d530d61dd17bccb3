import { HeadstartError, harmless } from '@headstart/artifacts/errors';
import { centroidLabels, type Opinions } from '../../adaptation/pseudo-labels.ts';
import { DERIVED_CLASSES } from '../../adaptation/terms.ts';
import { softmaxRows } from '../../metrics/softmax-rows.ts';
import type { HostTensors } from '../../network/tensors.ts';
import type { DerivedFrom, DerivedTargets } from '../strategy.ts';

/** The class of each sample that has a pseudo-label, -1 of the others. */
type PseudoLabels = (opinions: Opinions) => Int32Array;

/** Which pseudo-labels there are. */
interface PseudoClasses {
  readonly labelsOf: PseudoLabels;
  /** Whether they look at embeddings. */
  readonly embeddings: boolean;
  /** What is said where no sample has one: why, and what to do. */
  readonly none: string;
}

/** Pseudo-labels of what the model says of the unlabelled samples, as rows of a 1 among zeros; samples without one have zeros, and do not count. */
function pseudoClasses({ labelsOf, embeddings, none }: PseudoClasses): DerivedTargets {
  return {
    embeddings,
    summary(values, labels) {
      const given = places(values, labels);
      const samples = values[DERIVED_CLASSES]!.length / labels.length;
      return `${given.length} of ${samples} samples, of ${new Set(given).size} of ${labels.length} classes`;
    },
    remark(values, labels) {
      const found = new Set(places(values, labels));
      if (found.size === 0) return none;
      const [only] = found;
      if (found.size > 1 || labels.length === 1) return undefined;
      return `all pseudo-labels are "${harmless(labels[only!]!)}": the model takes the unlabelled samples for one class. Look at what it predicts before you use it.`;
    },
    specs: (labels) => ({ [DERIVED_CLASSES]: { shape: [labels.length], dtype: 'float32' } }),
    derive(given) {
      const classes = given.labels.length;
      const derived = new Float32Array(given.samples * classes);
      labelsOf(opinionsIn(given)).forEach((label, i) => {
        if (label >= 0) derived[i * classes + label] = 1;
      });
      return { [DERIVED_CLASSES]: derived };
    },
  };
}

/** The place of each pseudo-label among the labels. */
function places(values: HostTensors, labels: readonly string[]): number[] {
  const found: number[] = [];
  (values[DERIVED_CLASSES] as Float32Array).forEach((one, at) => one > 0 && found.push(at % labels.length));
  return found;
}

function opinionsIn({ labels, samples, outputs, embeddings }: DerivedFrom): Opinions {
  const probabilities = softmaxRows(outputs['logits']!.data, labels.length);
  return { embeddings: embeddings?.data ?? new Float32Array(), probabilities, samples };
}

/** Of each sample the likeliest class, and its probability. */
function likeliest({ probabilities, samples }: Opinions): { readonly label: number; readonly probability: number }[] {
  const classes = probabilities.length / samples;
  return Array.from({ length: samples }, (_, i) => {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const probability = Math.max(...row);
    return { label: row.indexOf(probability), probability };
  });
}

/** The classes that the model is surer of than a threshold. */
export function confidentClasses(threshold: number): DerivedTargets {
  return pseudoClasses({
    labelsOf: (opinions) =>
      Int32Array.from(likeliest(opinions), ({ label, probability }) => (probability > threshold ? label : -1)),
    embeddings: false,
    none: `the model is surer than ${threshold} of no unlabelled sample, so that nothing is learned from them. Give a lower threshold, such as self-training:threshold=${threshold / 2}, or train for longer.`,
  });
}

/** SHOT's pseudo-labels of all samples; see `centroidLabels`. */
export const centroidClasses: DerivedTargets = pseudoClasses({
  labelsOf: centroidLabels,
  embeddings: true,
  none: 'no unlabelled sample has a nearest centroid, so that no pseudo-labels are learned.',
});

/** The classes on which the model and the nearest centroid of its features (`centroidLabels`) agree. */
export const agreeingClasses: DerivedTargets = pseudoClasses({
  labelsOf(opinions) {
    const said = likeliest(opinions);
    return centroidLabels(opinions).map((label, i) => (said[i]!.label === label ? label : -1));
  },
  embeddings: true,
  none: 'of no unlabelled sample do the model and the nearest centroid of its features agree on a class, so that no pseudo-labels are learned. Train for longer (--epochs, --steps).',
});

/** Fewer epochs than a strategy takes that has rounds of pseudo-labels after its first epochs. */
export function tooFewEpochs(strategy: string, rounds: number, epochs: number): HeadstartError {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "${strategy}" learns for an epoch at least and then in ${count(rounds, 'round')}, which ${count(epochs, 'epoch')} ${epochs === 1 ? 'leaves' : 'leave'} no room for.`,
    hint: `Give --epochs ${rounds + 1} or more${epochs > 1 ? `, or rounds=${epochs - 1} or fewer` : ''}.`,
  });
}
