import type { Sample } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { readValues, writeValues, type StoredValue } from '../network/variable-values.ts';
import { epochBatches } from '../data/batches.ts';
import { trainsStage } from './loss-needs.ts';
import { forEachStep, type PhaseData } from './phase-data.ts';
import { PhaseRun, type PhaseOptions } from './phase-run.ts';
import type { Run } from './run.ts';

const LOWEST = 1e-6;
const HIGHEST = 1;
const STEPS = 60;
const SMOOTHING = 0.9;
/** The sweep ends when the smoothed loss passes this multiple of its least value. */
const BLOW_UP = 4;
/** A fall of less than this share of the loss is float32's rounding, not a fall. */
const ROUNDING = 1e-6;

/**
 * The learning-rate range test (Smith, 2017, "Cyclical learning rates for training neural
 * networks"): the rate grows exponentially from step to step; the rate at which the smoothed loss
 * falls fastest is taken. The phase's weights are put back afterwards.
 */
export async function findLearningRate<S extends Sample>(
  run: Run<S>,
  options: Omit<PhaseOptions<S>, 'learningRate'>,
  data: PhaseData,
  derived: ReadonlyMap<string, StoredValue>,
): Promise<number> {
  const { model, events, state, transfer } = run;
  const trained = [...model.state((stage) => trainsStage(options.phase, stage))];
  const before = await readValues(trained);
  const sweep = new PhaseRun({ ...options, ema: undefined, learningRate: 1 });
  const curve: { rate: number; loss: number }[] = [];
  try {
    const order = run.random.child('learning-rate', state.phase);
    const batches = Array.from(
      { length: STEPS },
      (_, i) => epochBatches(data.samples, transfer.batchSize, order.child(i))[0]!,
    );
    const steps = { batches, first: 0, epoch: 0, unlabelled: order.child('unlabelled') };
    await forEachStep(data, steps, transfer.batchSize, derived, async (batch, _samples, step) => {
      const rate = LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1));
      const loss = await sweep.step(batch, step, rate).catch(infiniteLoss);
      curve.push({ rate, loss });
      return blownUp(curve) ? 'stop' : undefined;
    });
  } finally {
    sweep.dispose();
    await writeValues(trained, before, 'The model');
  }
  const found = steepest(curve);
  const test = `range test of phase "${options.phase.name}" over ${curve.length} steps`;
  const rate = found ?? options.phase.optimiser.learningRate;
  const why = found === undefined ? `the strategy's own: the loss fell nowhere in the ${test}` : test;
  await events.emit('choice', { what: 'learning rate', value: rate.toPrecision(2), why });
  return rate;
}

function infiniteLoss(error: unknown): number {
  if (HeadstartError.is(error) && error.code === 'diverged') return Infinity;
  throw error;
}

/** Exponentially smoothed losses with bias correction. */
function smooth(curve: readonly { loss: number }[]): number[] {
  let average = 0;
  return curve.map(({ loss }, i) => {
    average = SMOOTHING * average + (1 - SMOOTHING) * loss;
    return average / (1 - SMOOTHING ** (i + 1));
  });
}

function blownUp(curve: readonly { loss: number }[]): boolean {
  const losses = smooth(curve);
  return losses.at(-1)! > BLOW_UP * Math.min(...losses);
}

/** The rate at which the smoothed loss falls fastest over the logarithm of the rate; undefined where it never falls. */
export function steepest(curve: readonly { rate: number; loss: number }[]): number | undefined {
  const finite = curve.filter(({ loss }) => Number.isFinite(loss));
  const losses = smooth(finite);
  let best: { slope: number; rate?: number } = { slope: -ROUNDING * Math.abs(losses[0] ?? 0) };
  for (let i = 1; i < losses.length - 1; i++) {
    const slope = (losses[i + 1]! - losses[i - 1]!) / Math.log(finite[i + 1]!.rate / finite[i - 1]!.rate);
    if (slope < best.slope) best = { slope, rate: finite[i]!.rate };
  }
  return best.rate;
}
