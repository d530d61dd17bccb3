import { cachedRow } from '../../data/split-data.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { HEAD } from '../../network/head.ts';
import type { LossTerm } from '../../network/loss-term.ts';
import type { TensorSpecs } from '../../network/tensors.ts';
import type { Phase } from '../../strategies/strategy.ts';
import type { Run } from '../run.ts';

/** Features that are shared may take this much memory, in bytes. */
const MOST_BYTES = 2 ** 30;

/** A run as far as it has to be planned for it to be told whether it can be trained together with others. */
export type PlannedRun<S extends Sample = Sample> = Pick<Run<S>, 'transfer' | 'model' | 'phases' | 'encoder'>;

/**
 * What runs must agree on to be trained together: their key. A run has one where all that trains is a head, in one phase,
 * on cached features of unaltered samples, by a loss that is the mean of what each sample costs; the head has to be
 * stackable and loss terms may look at its weights alone. Undefined for every other run.
 */
export function stackKeyOf<S extends Sample>(run: PlannedRun<S>): string | undefined {
  const { transfer, model, phases, encoder } = run;
  const { task, target, source, strategy } = transfer;
  const stackable =
    phases.length === 1 &&
    trainsHeadAlone(phases[0]!) &&
    task.sampleLosses !== undefined &&
    model.head.stackable !== undefined &&
    strategy.start === 'source' &&
    plainTraining(run) &&
    sharedRow(run) !== undefined;
  return stackable ? JSON.stringify([source.id, task.id, encoder.key, target.labels]) : undefined;
}

/** The shapes of the features of one sample, where they are kept and few enough to be held in memory. */
export function sharedRow<S extends Sample>({ transfer, model, encoder }: PlannedRun<S>): TensorSpecs | undefined {
  const { train, validation, test } = transfer.target.splits;
  const samples = train.length + validation.length + test.length;
  const row = cachedRow({ model, encoder }, samples, model.backbone.stages.length, 1);
  if (!row) return undefined;
  const numbers = Object.values(row).reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
  return 4 * numbers * samples <= MOST_BYTES ? row : undefined;
}

function trainsHeadAlone({ trainable, adapters, derived, losses = [] }: Phase): boolean {
  const stages = Object.keys(trainable);
  return stages.length === 1 && stages[0] === HEAD && !adapters && !derived && losses.every(ofWeightsAlone);
}

function ofWeightsAlone(term: LossTerm): boolean {
  const { features = [], ...needs } = term.needs;
  const others = Object.entries(needs).some(([need, asked]) => asked && need !== 'weights');
  return term.layers === undefined && !term.replacesTaskLoss && features.length === 0 && !others;
}

/** Whether steps are taken in single precision, at a rate that is known, on batches in free order of samples as they are. */
function plainTraining<S extends Sample>({ transfer, encoder }: PlannedRun<S>): boolean {
  const { task, target, precision = 'float32', learningRate, augmentation, views = 1, retainedClasses } = transfer;
  const paired = task.pairedBatches === true && target.labels.length > 0;
  const altered = augmentation !== 'none' || views !== 1;
  const drawn = transfer.sampling !== undefined;
  const kept = (retainedClasses?.length ?? 0) > 0;
  return (
    precision === 'float32' &&
    learningRate !== 'auto' &&
    !paired &&
    !altered &&
    !kept &&
    !drawn &&
    (encoder.rows ?? 1) === 1
  );
}
