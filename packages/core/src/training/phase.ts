import { dispose } from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import type { Phase } from '../strategies/strategy.ts';
import { epochBatches, prefetch, type BatchLoader } from '../data/batches.ts';
import { BestWeights } from './best-weights.ts';
import { Checkpointer } from './checkpointer.ts';
import { inputTensors, toTensors } from '../data/encode-batch.ts';
import { compileInference, evaluate, type Inference } from './evaluate.ts';
import type { EpochInfo } from '../runs/events.ts';
import { fitHead } from './fit-head.ts';
import { interrupted, takenOver } from './interruption.ts';
import { groupsOf, withGroups } from '../data/group-batches.ts';
import { findLearningRate } from './learning-rate-finder.ts';
import { PhaseRun, trainables } from './phase-run.ts';
import { dataContext, teachingOf, untouchedStages, type Run } from './run.ts';
import { openSplit } from '../data/split-data.ts';

/** The validation split, and the step that evaluates on it after every epoch. */
interface Validation {
  readonly loader: BatchLoader;
  readonly forward: Inference;
}

/** A phase under way. */
interface Loop<S extends Sample> {
  readonly run: Run<S>;
  readonly phase: Phase;
  readonly train: BatchLoader;
  readonly validation: Validation | undefined;
  readonly training: PhaseRun<S>;
  readonly best: BestWeights;
  readonly checkpoints: Checkpointer<S>;
}

/** Runs the phase at which the run stands, from where it stands, and moves on to the next. */
export async function runPhase<S extends Sample>(run: Run<S>): Promise<void> {
  const phase = run.phases[run.state.phase]!;
  const { train, validation } = await openData(run, phase);
  let training: PhaseRun<S> | undefined;
  try {
    await announce(run, phase, train);
    training = await startTraining(run, phase, train);
    const best = new BestWeights(run, phase);
    const checkpoints = new Checkpointer(run, training, best);
    const loop: Loop<S> = { run, phase, train, validation, training, best, checkpoints };
    while (run.state.epoch < phase.epochs) {
      const loss = await trainEpoch(loop);
      if ((await endEpoch(loop, loss)) === 'stop') break;
      await checkpoints.afterEpoch();
    }
    if (!best.adopt()) training.adoptAverage();
  } finally {
    validation?.forward.dispose();
    training?.dispose();
    await train.close();
    await validation?.loader.close();
  }
  Object.assign(run.state, {
    phase: run.state.phase + 1,
    epoch: 0,
    step: 0,
    lossSum: 0,
    learningRate: null,
    best: null,
  });
  await new Checkpointer(run).write();
}

async function openData<S extends Sample>(
  run: Run<S>,
  phase: Phase,
): Promise<{ train: BatchLoader; validation?: Validation }> {
  const { transfer, model, random } = run;
  const { train, validation } = transfer.target.splits;
  // A teacher takes up where the stages are still the source's: features beyond that are not its own.
  const prefix = run.teacher ? untouchedStages(run, run.state.phase) : model.frozenPrefix(phase.trainable);
  const { objective } = phase;
  const context = objective ? { ...dataContext(run), encoder: withGroups(run.encoder) } : dataContext(run);
  const views = transfer.views ?? defaultViews(transfer.augmentation, phase, prefix === model.backbone.stages.length);
  const opened = await openSplit(context, train, prefix, {
    policy: transfer.augmentation,
    random: random.child('augment', run.state.phase),
    views,
  });
  const paired = objective !== undefined || (transfer.task.pairedBatches === true && transfer.target.labels.length > 0);
  const training = paired ? { ...opened, groups: groupsOf(train) } : opened;
  if (transfer.augmentation !== 'none' && training.from > 0 && views === 1) {
    await run.events.emit(
      'warning',
      `Phase "${phase.name}" trains on cached features of unaltered samples; --views N caches N views altered by "${transfer.augmentation}".`,
    );
  }
  try {
    if (validation.length === 0 || objective) return { train: training };
    const loader = await openSplit(context, validation, prefix);
    return { train: training, validation: { loader, forward: compileInference(run.backend, model, loader.from) } };
  } catch (error) {
    await training.close();
    throw error;
  }
}

/** A head alone trains on plain features; stages train on as many augmented views as pay off. */
function defaultViews(policy: string, phase: Phase, headOnly: boolean): number {
  return headOnly || policy === 'none' ? 1 : Math.max(2, Math.min(phase.epochs, 4));
}

async function announce<S extends Sample>(
  { model, events, phases, state }: Run<S>,
  phase: Phase,
  train: BatchLoader,
): Promise<void> {
  const frozen = model.stages.filter(({ name }) => phase.trainable[name] === undefined);
  await events.emit('phaseStart', {
    phase,
    index: state.phase,
    count: phases.length,
    trainableParameters: trainables(model, phase).reduce((sum, { variable }) => sum + variable.value.size, 0),
    frozenStages: frozen.map(({ name }) => name),
    cachedStages: model.stages.slice(0, train.from).map(({ name }) => name),
  });
}

/** Makes the optimiser, fits what the head takes from the data, and takes up a checkpoint. */
async function startTraining<S extends Sample>(run: Run<S>, phase: Phase, train: BatchLoader): Promise<PhaseRun<S>> {
  const { transfer, backend, model, initial, state, random, checkpoint } = run;
  if (phase.fitHead && state.epoch === 0 && state.step === 0) await fitHead(run, train);
  const options = {
    backend,
    model,
    task: transfer.task,
    phase,
    from: train.from,
    initial,
    loss: { labelSmoothing: transfer.labelSmoothing },
    teaching: teachingOf(run, state.phase),
    ema: transfer.ema,
    precision: transfer.precision,
    steps: stepsPerEpoch(run, train) * phase.epochs,
    random: random.child('step', state.phase),
  };
  state.learningRate ??=
    transfer.learningRate === 'auto' ? await findLearningRate(run, options, train) : phase.optimiser.learningRate;
  const training = new PhaseRun({ ...options, learningRate: state.learningRate });
  if (checkpoint && (state.epoch > 0 || state.step > 0)) training.restore(checkpoint.tensors);
  return training;
}

function stepsPerEpoch<S extends Sample>({ transfer, random }: Run<S>, train: BatchLoader): number {
  return epochBatches(train, transfer.batchSize, random.child('steps')).length;
}

/** The rest of the current epoch. Gives the epoch's mean loss. */
async function trainEpoch<S extends Sample>({ run, phase, train, training, checkpoints }: Loop<S>): Promise<number> {
  const { state, transfer, events, signal } = run;
  const started = performance.now();
  const batches = epochBatches(train, transfer.batchSize, run.random.child('shuffle', state.phase, state.epoch));
  const bar = run.progress.start({
    label: `${phase.name} ${state.epoch + 1}/${phase.epochs}`,
    total: batches.length,
    unit: 'steps',
  });
  let booked = started;
  const book = () => {
    const now = performance.now();
    state.seconds.training += (now - booked) / 1000;
    booked = now;
  };
  try {
    for await (const batch of prefetch(batches.slice(state.step), (positions) => train.load(positions, state.epoch))) {
      const inputs = inputTensors(train.inputs, batch);
      const targets = toTensors(train.targets, batch.targets, batch.size);
      const step = state.epoch * batches.length + state.step;
      const loss = await training.step(inputs, targets, step).finally(() => dispose([inputs, targets]));
      train.release?.(batch);
      state.step += 1;
      state.lossSum += loss * batch.size;
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
    }
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
    run.transfer.directory,
    `in phase "${run.phases[run.state.phase]!.name}", epoch ${run.state.epoch + 1}, after step ${run.state.step}`,
  );
}

/** Evaluates on the validation split, keeps the best weights, and asks whether to stop. */
async function endEpoch<S extends Sample>(
  { run, phase, validation, training, best }: Loop<S>,
  loss: number,
): Promise<'stop' | undefined> {
  const { state, events, transfer } = run;
  const started = performance.now();
  let metrics: Readonly<Record<string, number>> | undefined;
  if (validation) {
    metrics = await training.withAverage(async () => {
      const { values } = await evaluate(validation.forward, {
        task: transfer.task,
        labels: transfer.target.labels,
        kept: transfer.kept,
        loader: validation.loader,
      });
      await best.consider(values);
      return values;
    });
    state.seconds.evaluation += (performance.now() - started) / 1000;
  }
  const before = state.history.reduce((sum, { seconds }) => sum + seconds, 0);
  const epoch: EpochInfo = {
    phase: phase.name,
    epoch: state.epoch + 1,
    epochs: phase.epochs,
    loss,
    learningRate: training.learningRateAt(state.epoch * state.step + state.step - 1),
    seconds: state.seconds.training - before,
    validation: metrics,
  };
  state.history.push(epoch);
  Object.assign(state, { epoch: state.epoch + 1, step: 0, lossSum: 0 });
  const answers = await events.emit('epochEnd', epoch, state.history.slice(-state.epoch));
  return answers.includes('stop') ? 'stop' : undefined;
}
