import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import { informationMaximisationTerm, pseudoLabelTerm } from '../../adaptation/terms.ts';
import { sharedEpochs } from '../../adaptation/shared-epochs.ts';
import { adamw, WARM_UP_AND_COSINE } from '../defaults.ts';
import { ADAPTATION, RATE } from './adaptation.ts';
import { termOf } from './combinable.ts';
import { centroidClasses } from './pseudo-classes.ts';
import { adaptingStages, sourceFree, unfreezing, withUnlabelled } from './source-free.ts';

/** Rounds where none are asked for; fewer in fewer epochs. */
const ROUNDS = 5;

/**
 * Source hypothesis transfer (Liang et al., 2020, arXiv 2002.08546): the head of a trained model stays, and what is below it learns to give features
 * that it is sure of and that fall into all its classes, and by rounds the classes of the nearest centroids.
 */
export const shot = sourceFree({
  id: 'shot',
  description: 'Adapt a trained model to unlabelled samples alone: features that its head is sure of',
  example: 'shot:rounds=5,weight=0.3',
  options: z.strictObject({
    with: withUnlabelled,
    unfreeze: unfreezing,
    /** What the pseudo-labels count beside information maximisation; 0.3 in the authors' code of Office-Home. */
    weight: z.coerce.number().min(0).default(0.3),
    rounds: z.coerce.number().int().min(1).optional(),
  }),
  defaults: ADAPTATION,
  plan({ with: beside, unfreeze, weight, rounds: asked }, stages, budget, tuning) {
    const rounds = asked ?? Math.min(ROUNDS, budget.epochs);
    if (rounds > budget.epochs) throw tooManyRounds(rounds, budget.epochs);
    const trainable = adaptingStages(stages, unfreeze, tuning);
    const others = beside.filter((name) => name !== 'im').map(termOf);
    const parts = sharedEpochs(budget.epochs, rounds);
    return parts.map((epochs, round) => ({
      name: `round ${round + 1}/${parts.length}`,
      epochs,
      trainable,
      optimiser: adamw(RATE, budget, 0),
      schedule: WARM_UP_AND_COSINE,
      batchStatistics: Object.keys(trainable),
      losses: [informationMaximisationTerm(), pseudoLabelTerm({ weight }), ...others],
      derived: centroidClasses,
    }));
  },
});

function tooManyRounds(rounds: number, epochs: number): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "shot" has ${rounds} rounds of an epoch at least, and there ${epochs === 1 ? 'is 1 epoch' : `are ${epochs} epochs`}.`,
    hint: `Give --epochs ${rounds} or more, or rounds=${epochs} or fewer.`,
  });
}
