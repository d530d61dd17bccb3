import type { RunContext, RunSubscriber } from '@headstart/core';
import { trackRun } from '../runs/track-run.ts';
import { TensorBoardTracker } from './tensorboard-tracker.ts';

/** Tells TensorBoard of runs. */
export function trackTensorBoard({ logdir }: { readonly logdir: string }): (context: RunContext) => RunSubscriber {
  return (context) => trackRun(new TensorBoardTracker(logdir, (message) => context.warn(message)), context);
}
