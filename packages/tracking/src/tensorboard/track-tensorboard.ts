import type { RunContext, RunSubscriber } from '@headstart/core';
import { z } from 'zod';
import { trackRun } from '../runs/track-run.ts';
import { TensorBoardTracker } from './tensorboard-tracker.ts';

/** What says where event files go. */
export const tensorBoardOptions = z.strictObject({
  /** What `tensorboard --logdir` is given; by default `logs`. */
  logdir: z.string().min(1).optional(),
});

/** Tells TensorBoard of runs. */
export function trackTensorBoard({
  logdir = 'logs',
}: z.infer<typeof tensorBoardOptions>): (context: RunContext) => RunSubscriber {
  return (context) => trackRun(new TensorBoardTracker(logdir, (message) => context.warn(message)), context);
}
