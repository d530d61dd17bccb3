import { z } from 'zod';
import { FIXMATCH_THRESHOLD } from '../../adaptation/pseudo-labels.ts';
import { domainStatisticsTerm, pseudoLabelTerm } from '../../adaptation/terms.ts';
import { sharedEpochs } from '../../adaptation/shared-epochs.ts';
import { adaptation, adaptationOptions } from './adaptation.ts';
import { confidentClasses, tooFewEpochs } from './pseudo-classes.ts';

/** Rounds where none are asked for; fewer in fewer epochs. */
const ROUNDS = 3;

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
