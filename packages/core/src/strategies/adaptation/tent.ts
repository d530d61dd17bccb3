import { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';
import { entropyTerm } from '../../adaptation/terms.ts';
import { adamw } from '../defaults.ts';
import { RATE } from './adaptation.ts';
import { termOf } from './combinable.ts';
import { sourceFree, withUnlabelled } from './source-free.ts';

/**
 * Test-time entropy minimisation (Wang et al., 2021, arXiv 2006.10726): a trained model normalises by the statistics of the unlabelled batches, and
 * of its weights the scale and the shift of its batch norms alone learn, so that it is surer of each sample. What it
 * has come to is saved, with the averages of these statistics.
 */
export const tent = sourceFree({
  id: 'tent',
  description: 'Adapt the batch norms of a trained model to unlabelled samples alone: least entropy',
  example: 'tent:with=im',
  options: z.strictObject({ with: withUnlabelled }),
  defaults: { epochs: 1, batchSize: 64 },
  plan({ with: beside }, stages, budget) {
    const found = stages.filter(({ batchNorm = 0 }) => batchNorm > 0).map(({ name }) => name);
    if (found.length === 0) throw withoutBatchNorm();
    return [
      {
        name: 'adapt',
        epochs: budget.epochs,
        trainable: Object.fromEntries(found.map((name) => [name, 1])),
        only: 'batch-norm',
        optimiser: adamw(RATE, budget, 0),
        schedule: { warmup: 0, decay: 'constant' },
        batchStatistics: found,
        losses: [entropyTerm(), ...beside.filter((name) => name !== 'entropy').map(termOf)],
      },
    ];
  },
});

function withoutBatchNorm(): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: 'The strategy "tent" adapts batch norms, and the model has none.',
    hint: 'Choose --strategy shot, which adapts other layers, or start from a model with a bottleneck, which has one: any that was trained by mdd, adabn or the like.',
  });
}
