import { z } from 'zod';
import { sharedEpochs } from '../../adaptation/shared-epochs.ts';
import { marginDisparityTerm, pseudoLabelTerm } from '../../adaptation/terms.ts';
import type { DerivedTargets } from '../strategy.ts';
import { ADAPTATION, adaptation, adaptationOptions, positive, termWeight } from './adaptation.ts';
import { agreeingClasses, tooFewEpochs } from './pseudo-classes.ts';

/** Rounds where none are asked for; fewer in fewer epochs. */
const ROUNDS = 3;

/**
 * Margin disparity discrepancy (Zhang et al., 2019, arXiv 1904.05801), and from the middle of the run on, looked at anew in rounds, the classes of
 * unlabelled samples on which the model and the nearest centroid of its features agree. Rate and reversal go on as if there were no rounds:
 * they are of one phase.
 */
export const mdd = adaptation({
  id: 'mdd',
  description:
    'Adapt to unlabelled samples: features on which no second head disagrees, then classes that centroids confirm',
  example: 'mdd:gamma=2,rounds=3',
  // With pseudo-labels it comes to as much as in 800 steps, and on sentences to more.
  defaults: { ...ADAPTATION, steps: 300 },
  options: z.strictObject({
    ...adaptationOptions,
    weight: termWeight,
    gamma: positive,
    rounds: z.coerce.number().int().min(0).optional(),
  }),
  terms: (options) => [marginDisparityTerm(options)],
  phases(options, phase, epochs, name) {
    const { rounds: asked } = options;
    const rounds = asked ?? Math.min(ROUNDS, epochs - 1);
    if (rounds >= epochs) throw tooFewEpochs(name, rounds, epochs);
    const own = marginDisparityTerm(options);
    if (rounds === 0) return [phase({ name: 'adapt', epochs, losses: [own] })];
    return [phase({ name: 'adapt', epochs, losses: [own, pseudoLabelTerm()], derived: inRounds(rounds, epochs) })];
  },
});

/** The classes that centroids confirm, made in so many rounds over the second half of the epochs. */
function inRounds(rounds: number, epochs: number): DerivedTargets {
  const first = Math.min(Math.ceil(epochs / 2), epochs - rounds);
  const starts: number[] = [];
  let next = first;
  for (const part of sharedEpochs(epochs - first, rounds)) {
    starts.push(next);
    next += part;
  }
  return { ...agreeingClasses, epochs: starts };
}
