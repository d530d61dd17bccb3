import { definePlugin } from '@headstart/core';
import { z } from 'zod';
import { trackMlflow } from './mlflow/track-mlflow.ts';
import { mlflowOptions } from './mlflow/settings.ts';
import { trackTensorBoard } from './tensorboard/track-tensorboard.ts';
import { VERSION } from './version.ts';

const options = z
  .strictObject({
    /** Event files that TensorBoard reads, in a folder per run. */
    tensorboard: z
      .strictObject({
        /** What `tensorboard --logdir` is given. */
        logdir: z.string().min(1).default('logs'),
      })
      .optional(),
    /** An MLflow server, over its REST interface. */
    mlflow: mlflowOptions.optional(),
  })
  .refine(({ tensorboard, mlflow }) => tensorboard ?? mlflow, { error: 'it names neither tensorboard nor mlflow' })
  .default({ tensorboard: { logdir: 'logs' } });

/** Where runs are tracked. */
export type TrackingOptions = z.input<typeof options>;

/** The plugin: tells TensorBoard, MLflow or both of every run. Without options: TensorBoard, in the folder `logs`. */
export const tracking = definePlugin<TrackingOptions>({
  name: '@headstart/tracking',
  version: VERSION,
  headstart: '^0.1',
  options,
  setup({ options: given, events }) {
    const { tensorboard, mlflow } = options.parse(given);
    if (tensorboard) events.add(trackTensorBoard(tensorboard));
    if (mlflow) events.add(trackMlflow(mlflow));
  },
});
