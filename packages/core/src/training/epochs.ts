import type { Sample } from '../domains/target-domain.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { Phase } from '../strategies/strategy.ts';
import { chooseEpoch, lastEpoch } from './epoch-choice.ts';
import { checkEpochLoss } from './divergence.ts';
import type { Run } from './run.ts';
import { nextPhase, phaseHistory } from './run-state.ts';
import { trainables } from './trainables.ts';
import { whyLast } from './why-last.ts';

/**
 * Tells that a phase begins.
 * @param cached how many leading stages have their outputs taken from the feature store
 */
export async function announcePhase<S extends Sample>(
  { model, events, phases, state }: Run<S>,
  phase: Phase,
  cached: number,
): Promise<void> {
  const frozen = model.stages.filter(({ name }) => phase.trainable[name] === undefined);
  await events.emit('phaseStart', {
    phase,
    index: state.phase,
    count: phases.length,
    epochsBefore: state.history.length - state.epoch,
    trainableParameters: trainables(model, phase).reduce((sum, { variable }) => sum + variable.value.size, 0),
    frozenStages: frozen.map(({ name }) => name),
    cachedStages: model.stages.slice(0, cached).map(({ name }) => name),
  });
}

/**
 * Books an epoch that has ended, tells of it, and asks whether to stop.
 * @throws HeadstartError `diverged` where its loss is that of no model, though it is a number
 */
export async function closeEpoch<S extends Sample>(
  { state, events }: Pick<Run<S>, 'state' | 'events'>,
  phase: Phase,
  { loss, learningRate, validation }: Pick<EpochInfo, 'loss' | 'learningRate' | 'validation'>,
): Promise<'stop' | undefined> {
  checkEpochLoss(loss, state.firstLoss, { phase, learningRate: state.learningRate ?? phase.optimiser.learningRate });
  const before = state.history.reduce((sum, { seconds }) => sum + seconds, 0);
  const epoch: EpochInfo = {
    phase: phase.name,
    epoch: state.epoch + 1,
    epochs: phase.epochs,
    loss,
    learningRate,
    seconds: state.seconds.training - before,
    validation,
  };
  state.history.push(epoch);
  Object.assign(state, { epoch: state.epoch + 1, step: 0, lossSum: 0 });
  const answers = await events.emit('epochEnd', epoch, phaseHistory(state));
  return answers.includes('stop') ? 'stop' : undefined;
}

/** Books which epoch a phase keeps that has ended, tells of it, and moves on to the next phase. */
export async function closePhase<S extends Sample>({
  state,
  events,
  transfer,
  phases,
}: Pick<Run<S>, 'state' | 'events' | 'transfer' | 'phases'>): Promise<void> {
  const { task, target } = transfer;
  const why = whyLast(transfer, phases[state.phase]!);
  const chosen =
    why !== undefined
      ? lastEpoch(phaseHistory(state), why)
      : chooseEpoch(task.monitor, phaseHistory(state), target.splits.validation.length);
  const index = state.phase;
  state.chosen.push(chosen);
  nextPhase(state);
  await events.emit('phaseEnd', { index, chosen });
}
