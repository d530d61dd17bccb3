import { epochBatches } from '../data/batches.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { Phase } from '../strategies/strategy.ts';
import { BestWeights } from './best-weights.ts';
import { Checkpointer } from './checkpointer.ts';
import { deriveTargets, derivesAt, firstTargets, type TargetsAtPresent } from './derived-targets.ts';
import { afterUpdates } from './divergence.ts';
import { announcePhase, closeEpoch, closePhase } from './epochs.ts';
import { evaluate } from './evaluate.ts';
import { fitHead } from './fit-head.ts';
import { interrupted, takenOver } from './interruption.ts';
import { findLearningRate } from './learning-rate-finder.ts';
import { forEachStep, openPhaseData, type Judging, type PhaseData } from './phase-data.ts';
import { stepsPerEpoch } from './phase-samples.ts';
import { PhaseRun } from './phase-run.ts';
import { lossOptions, teacherOf, type Run } from './run.ts';
import { noteAnswers } from './judged-epochs.ts';
import { unlabelledCriteria } from './unlabelled-criteria.ts';

/** A phase under way. */
interface Loop<S extends Sample> {
  readonly run: Run<S>;
  readonly phase: Phase;
  readonly data: PhaseData;
  readonly derived: TargetsAtPresent;
  readonly training: PhaseRun<S>;
  readonly best: BestWeights;
  readonly checkpoints: Checkpointer<S>;
}

/** Runs the phase at which the run stands, from where it stands, and moves on to the next. */
export async function runPhase<S extends Sample>(run: Run<S>): Promise<void> {
  const phase = run.phases[run.state.phase]!;
  const data = await openPhaseData(run, phase);
  let training: PhaseRun<S> | undefined;
  try {
    await announcePhase(run, phase, data.samples.from);
    const derived = await firstTargets(run, phase, data);
    await data.applyDerived(derived);
    training = await startTraining(run, phase, data, derived);
    const best = new BestWeights(run, phase);
    const checkpoints = new Checkpointer(run, { training, best, derived });
    const loop: Loop<S> = { run, phase, data, derived, training, best, checkpoints };
    await afterUpdates(phase, training.learningRate, () => trainEpochs(loop));
    if (!(await best.adopt())) training.adoptAverage();
  } finally {
    training?.dispose();
    await data.close();
  }
  await closePhase(run);
  await afterUpdates(phase, phase.optimiser.learningRate, () => new Checkpointer(run).write());
}

async function trainEpochs<S extends Sample>(loop: Loop<S>): Promise<void> {
  const { run, phase, checkpoints } = loop;
  while (run.state.epoch < phase.epochs) {
    await renewTargets(loop);
    const loss = await trainEpoch(loop);
    if ((await endEpoch(loop, loss)) === 'stop') return;
    await checkpoints.afterEpoch();
  }
}

/** Makes the targets of the unlabelled samples anew where the epoch that begins asks for it; those of the first came with the phase. */
async function renewTargets<S extends Sample>({ run, phase, data, derived }: Loop<S>): Promise<void> {
  const { epoch, step } = run.state;
  if (epoch === 0 || step > 0 || !phase.derived || !derivesAt(phase.derived, epoch)) return;
  await deriveTargets(run, phase, data, derived);
  await data.applyDerived(derived);
}

/** Makes the optimiser, fits what the head takes from the data, and takes up a checkpoint. */
async function startTraining<S extends Sample>(
  run: Run<S>,
  phase: Phase,
  data: PhaseData,
  derived: ReadonlyMap<string, StoredValue>,
): Promise<PhaseRun<S>> {
  const { transfer, backend, model, initial, state, random, checkpoint } = run;
  const { samples, unlabelled } = data;
  if (phase.fitHead && state.epoch === 0 && state.step === 0) await fitHead(run, samples);
  const options = {
    backend,
    model,
    task: transfer.task,
    phase,
    from: samples.from,
    unlabelledFrom: unlabelled?.from,
    initial,
    loss: lossOptions(transfer, phase),
    teacher: teacherOf(run, state.phase),
    ema: transfer.ema,
    precision: transfer.precision,
    steps: stepsPerEpoch(data.samples, transfer.batchSize, random) * phase.epochs,
    random: random.child('step', state.phase),
  };
  state.learningRate =
    transfer.learningRate === 'auto'
      ? (state.learningRate ?? (await findLearningRate(run, options, data, derived)))
      : null;
  const training = new PhaseRun({ ...options, learningRate: state.learningRate ?? phase.optimiser.learningRate });
  if (checkpoint && (state.epoch > 0 || state.step > 0)) await training.restore(checkpoint.tensors);
  return training;
}

/** The rest of the current epoch. Gives the epoch's mean loss. */
async function trainEpoch<S extends Sample>({
  run,
  phase,
  data,
  derived,
  training,
  checkpoints,
}: Loop<S>): Promise<number> {
  const { state, transfer, events, signal, random } = run;
  const batches = epochBatches(data.samples, transfer.batchSize, random.child('shuffle', state.phase, state.epoch));
  const bar = run.progress.start({
    label: `${phase.name} ${state.epoch + 1}/${phase.epochs}`,
    total: batches.length,
    unit: 'steps',
  });
  let booked = performance.now();
  const book = () => {
    const now = performance.now();
    state.seconds.training += (now - booked) / 1000;
    booked = now;
  };
  const start = state.epoch * batches.length;
  const order = {
    batches: batches.slice(state.step),
    first: start + state.step,
    epoch: state.epoch,
    unlabelled: random.child('shuffle-unlabelled', state.phase),
  };
  try {
    await forEachStep(data, order, transfer.batchSize, derived, async (batch, samples) => {
      const step = start + state.step;
      const loss = await training.step(batch, step);
      state.step += 1;
      state.lossSum += loss * samples;
      state.firstLoss ??= loss;
      book();
      bar.update(state.step, `loss ${loss.toFixed(3)}`);
      await events.emit('step', {
        phase: phase.name,
        epoch: state.epoch + 1,
        step: state.step,
        stepsPerEpoch: batches.length,
        loss,
        learningRate: training.learningRateAt(step),
      });
      if (signal.aborted) await interrupt(run, checkpoints);
      await checkpoints.afterStep();
    });
  } finally {
    bar.end();
  }
  book();
  return state.lossSum / batches.reduce((sum, { length }) => sum + length, 0);
}

async function interrupt<S extends Sample>(run: Run<S>, checkpoints: Checkpointer<S>): Promise<never> {
  const lost = takenOver(run.signal);
  if (lost) throw lost;
  await checkpoints.write();
  throw interrupted(
    run.transfer,
    `in phase "${run.phases[run.state.phase]!.name}", epoch ${run.state.epoch + 1}, after step ${run.state.step}`,
  );
}

/** Evaluates on the validation split and on unlabelled samples, keeps the best weights, and asks whether to stop. */
async function endEpoch<S extends Sample>(
  { run, phase, data: { validation, criteria, judged }, training, best }: Loop<S>,
  loss: number,
): Promise<'stop' | undefined> {
  const { state } = run;
  const started = performance.now();
  let measured: Pick<EpochInfo, 'validation' | 'unlabelled'> = {};
  if (validation || criteria || judged) {
    measured = await training.withAverage(async () => {
      const found = {
        validation: validation && (await validate(run, validation)),
        unlabelled: criteria && (await unlabelledCriteria(criteria)),
      };
      await best.consider(found);
      if (judged) await noteAnswers(state, judged);
      return found;
    });
    state.seconds.evaluation += (performance.now() - started) / 1000;
  }
  const learningRate = training.learningRateAt(state.epoch * state.step + state.step - 1);
  return closeEpoch(run, phase, { loss, learningRate, ...measured });
}

async function validate<S extends Sample>(
  { transfer, metrics, warnOnce }: Run<S>,
  { forward, loader }: Judging,
): Promise<Readonly<Record<string, number>>> {
  const { values } = await evaluate(forward, {
    task: transfer.task,
    labels: transfer.target.labels,
    retainedClasses: transfer.retainedClasses,
    loader,
    metrics,
    warn: warnOnce,
    watched: { ...lossOptions(transfer), labelSmoothing: 0 },
  });
  return values;
}
