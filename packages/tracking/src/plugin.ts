import { definePlugin } from '@headstart/core';
import { z } from 'zod';
import { trackMlflow } from './mlflow/track-mlflow.ts';
import { mlflowOptions } from './mlflow/settings.ts';
import { tensorBoardOptions, trackTensorBoard } from './tensorboard/track-tensorboard.ts';
import { VERSION } from './version.ts';

const options = z.strictObject({
  /** Event files that TensorBoard reads, in a folder per run. */
  tensorboard: tensorBoardOptions.optional(),
  /** An MLflow server, over its REST interface. */
  mlflow: mlflowOptions.optional(),
});

/** Where runs are tracked. */
export type TrackingOptions = z.infer<typeof options>;

/** The plugin: tells TensorBoard, MLflow or both of every run. Where neither is named: TensorBoard. */
export const tracking = definePlugin<TrackingOptions>({
  name: '@headstart/tracking',
  version: VERSION,
  headstart: '^0.1',
  options,
  setup({ options: { mlflow, tensorboard = mlflow ? undefined : {} }, events }) {
    if (tensorboard) events.add(trackTensorBoard(tensorboard));
    if (mlflow) events.add(trackMlflow(mlflow));
  },
});
