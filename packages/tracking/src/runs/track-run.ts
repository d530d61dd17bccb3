import { HeadstartError, type RunContext, type RunSubscriber } from '@headstart/core';
import { factsOf } from './run-facts.ts';
import { epochPoints, finalPoints, stepPoints } from './run-points.ts';
import type { RunEnd, Tracker } from './tracker.ts';

/**
 * Tells a tracker of a run: every step, every epoch, and how it ended. Steps are counted over all phases, and on where a
 * resumed run goes on. A run that is refused before it starts is not told of.
 */
export function trackRun(tracker: Tracker, { run }: Pick<RunContext, 'run'>): RunSubscriber {
  let open = false;
  let epochsBefore = 0;
  let step = 0;
  const close = async (end: RunEnd) => {
    if (!open) return;
    open = false;
    await tracker.close(end);
  };
  return {
    async runStart(started) {
      await tracker.open(factsOf(run, started));
      open = true;
    },
    phaseStart(phase) {
      epochsBefore = phase.epochsBefore;
    },
    step(info) {
      step = (epochsBefore + info.epoch - 1) * info.stepsPerEpoch + info.step;
      return tracker.log(stepPoints(info), step);
    },
    async epochEnd(epoch) {
      await tracker.log(epochPoints(epoch), step);
      await tracker.flush();
    },
    async runEnd({ metrics }) {
      await tracker.log(finalPoints(metrics, run.tests !== undefined), step);
      await close({ status: 'finished' });
    },
    runError: (error) => close(endOf(error)),
  };
}

function endOf(error: unknown): RunEnd {
  const stopped = HeadstartError.is(error) && (error.code === 'interrupted' || error.code === 'run-in-use');
  return {
    status: stopped ? 'interrupted' : 'failed',
    message: error instanceof Error ? error.message : String(error),
  };
}
