import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import { FIXMATCH_THRESHOLD } from '../../adaptation/pseudo-labels.ts';
import { DERIVED_CLASSES, domainStatisticsTerm, pseudoLabelTerm } from '../../adaptation/terms.ts';
import { softmaxRows } from '../../metrics/softmax-rows.ts';
import { sharedEpochs } from '../../adaptation/shared-epochs.ts';
import type { DerivedTargets } from '../strategy.ts';
import { adaptation, adaptationOptions } from './adaptation.ts';

/** Rounds where none are asked for; fewer in fewer epochs. */
const ROUNDS = 3;

/** Pseudo-labels of the samples that the model is surer of than a threshold; the others have zeros, and do not count. */
export function confidentClasses(threshold: number): DerivedTargets {
  return {
    specs: (labels) => ({ [DERIVED_CLASSES]: { shape: [labels.length], dtype: 'float32' } }),
    derive({ labels, outputs }) {
      const classes = labels.length;
      const probabilities = softmaxRows(outputs['logits']!.data, classes);
      const derived = new Float32Array(probabilities.length);
      for (let start = 0; start < derived.length; start += classes) {
        const row = probabilities.subarray(start, start + classes);
        const highest = Math.max(...row);
        if (highest > threshold) derived[start + row.indexOf(highest)] = 1;
      }
      return { [DERIVED_CLASSES]: derived };
    },
  };
}

/**
 * Self-training in the way of FixMatch (Sohn et al., 2020, arXiv 2001.07685), by rounds: what the model says of the plain samples and is sure of is what it
 * learns of them in the next phase, under dropout and the augmentation that is asked for. The first phase learns from labelled samples alone, in each
 * domain's own statistics.
 */
export const selfTraining = adaptation({
  id: 'self-training',
  description: 'Adapt to unlabelled samples: learn in rounds what the model is sure of',
  example: 'self-training:threshold=0.9,rounds=3',
  options: z.strictObject({
    ...adaptationOptions,
    threshold: z.coerce.number().min(0).lt(1).default(FIXMATCH_THRESHOLD),
    rounds: z.coerce.number().int().min(1).optional(),
  }),
  terms: () => [pseudoLabelTerm()],
  phases({ threshold, rounds: asked }, phase, epochs, name) {
    const rounds = asked ?? Math.min(ROUNDS, epochs - 1);
    if (rounds < 1 || epochs <= rounds) throw tooFewEpochs(name, Math.max(1, rounds), epochs);
    const first = Math.ceil(epochs / (rounds + 1));
    const parts = sharedEpochs(epochs - first, rounds);
    const derived = confidentClasses(threshold);
    return [
      phase({ name: 'labelled', epochs: first, losses: [domainStatisticsTerm()] }),
      ...parts.map((part, round) =>
        phase({ name: `round ${round + 1}/${parts.length}`, epochs: part, losses: [pseudoLabelTerm()], derived }),
      ),
    ];
  },
});

function tooFewEpochs(strategy: string, rounds: number, epochs: number): HeadstartError {
  const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "${strategy}" learns from labelled samples for an epoch at least and then in ${count(rounds, 'round')}, which ${count(epochs, 'epoch')} ${epochs === 1 ? 'leaves' : 'leave'} no room for.`,
    hint: `Give --epochs ${rounds + 1} or more${epochs > 1 ? `, or rounds=${epochs - 1} or fewer` : ''}.`,
  });
}
