import type { Sample } from '../domains/target-domain.ts';
import type { EpochChoice, EpochInfo } from '../runs/events.ts';
import type { Phase } from '../strategies/strategy.ts';
import { checkEpochLoss } from './divergence.ts';
import { chooseByCriterion, chooseEpoch, lastEpoch } from './epoch-choice.ts';
import { epochRule, type EpochRule } from './epoch-rule.ts';
import type { Run } from './run.ts';
import { nextPhase, phaseHistory } from './run-state.ts';
import { trainables } from './trainables.ts';

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

/** Books an epoch that has ended, tells of it, and asks whether to stop. */
export async function closeEpoch<S extends Sample>(
  { state, events }: Pick<Run<S>, 'state' | 'events'>,
  phase: Phase,
  {
    loss,
    learningRate,
    validation,
    unlabelled,
  }: Pick<EpochInfo, 'loss' | 'learningRate' | 'validation' | 'unlabelled'>,
): Promise<'stop' | undefined> {
  const before = state.history.reduce((sum, { seconds }) => sum + seconds, 0);
  const epoch: EpochInfo = {
    phase: phase.name,
    epoch: state.epoch + 1,
    epochs: phase.epochs,
    loss,
    learningRate,
    seconds: state.seconds.training - before,
    validation,
    ...(unlabelled && { unlabelled }),
  };
  state.history.push(epoch);
  Object.assign(state, { epoch: state.epoch + 1, step: 0, lossSum: 0 });
  const answers = await events.emit('epochEnd', epoch, phaseHistory(state));
  return answers.includes('stop') ? 'stop' : undefined;
}

/**
 * Books which epoch a phase keeps that has ended, tells of it, and moves on to the next phase.
 * @throws HeadstartError `diverged` where the kept epoch's loss is that of no model, though it is a number
 */
export async function closePhase<S extends Sample>({
  state,
  events,
  transfer,
  phases,
}: Pick<Run<S>, 'state' | 'events' | 'transfer' | 'phases'>): Promise<void> {
  const phase = phases[state.phase]!;
  const history = phaseHistory(state);
  const chosen = chosenBy(epochRule(transfer, phase), history);
  const { loss } = history[chosen.epoch - 1]!;
  checkEpochLoss(loss, state.firstLoss, { phase, learningRate: state.learningRate ?? phase.optimiser.learningRate });
  const index = state.phase;
  state.chosen.push(chosen);
  nextPhase(state);
  await events.emit('phaseEnd', { index, chosen });
}

function chosenBy({ last, monitor, of, samples }: EpochRule, history: readonly EpochInfo[]): EpochChoice {
  if (last !== undefined) return lastEpoch(history, last);
  return of === 'unlabelled' ? chooseByCriterion(monitor, history, samples) : chooseEpoch(monitor, history, samples);
}
