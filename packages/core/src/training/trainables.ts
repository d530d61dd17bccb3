import type { Adapters } from '../network/adapters.ts';
import { HEAD } from '../network/head.ts';
import { lossStage, type LossTerm } from '../network/loss-term.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Trainable } from './optimiser.ts';

/** The weights that a phase trains, or their factors, and those of its loss terms, with what they multiply the rate by. */
export function trainables(model: TransferModel, phase: Phase): Trainable[] {
  const own = model.stages.flatMap(({ name: stage, stage: { variables } }) => {
    const rateMultiplier = phase.trainable[stage];
    if (rateMultiplier === undefined) return [];
    if (phase.adapters && stage !== HEAD) return factors(model.adapters!, stage, rateMultiplier);
    return variables
      .filter(({ role, batchNorm }) => role === 'weight' && (phase.only !== 'batch-norm' || batchNorm))
      .map((variable) => ({ name: `${stage}/${variable.name}`, stage, variable, rateMultiplier }));
  });
  return [...own, ...(phase.losses ?? []).flatMap((term) => auxiliaryWeights(model, term))];
}

function auxiliaryWeights({ auxiliary }: TransferModel, term: LossTerm): Trainable[] {
  const stage = lossStage(term);
  return [...(auxiliary?.variables((each) => each === stage) ?? [])]
    .filter(([, { role }]) => role === 'weight')
    .map(([name, variable]) => ({ name, stage, variable, rateMultiplier: term.rateMultiplier ?? 1, auxiliary: true }));
}

function factors(adapters: Adapters, stage: string, rateMultiplier: number): Trainable[] {
  return adapters.weights
    .filter((adapted) => adapted.stage === stage)
    .flatMap((adapted) =>
      adapters.factors(adapted).map(({ name, variable, gradient }) => ({
        name,
        stage,
        variable,
        rateMultiplier,
        factorOf: { weight: adapted.weight.value, gradient },
      })),
    );
}
