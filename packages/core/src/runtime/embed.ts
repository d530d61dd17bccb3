import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '../errors/headstart-error.ts';
import type { Backbone } from '../models/backbone.ts';
import type { Task } from '../tasks/task.ts';
import { inputTensors } from '../training/encode-batch.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Backend } from './backend.ts';
import { inputBatches } from './input-batches.ts';
import type { Progress } from './progress.ts';

/**
 * The backbone's last vector feature for each input: `[inputs.length, d]`, row-major.
 * @param task how inputs are read and encoded, to one row each
 */
export async function embed(
  backend: Backend,
  backbone: Backbone,
  task: Task,
  inputs: readonly string[],
  progress: Progress,
): Promise<{ shape: [number, number]; data: Float32Array }> {
  const feature = backbone.features.filter(({ kind }) => kind === 'vector').at(-1);
  if (!feature) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The architecture "${backbone.architecture}" has no vector feature to embed with.`,
      hint: 'Choose a source that pools its features; "headstart sources" lists them.',
    });
  }
  const width = feature.shape[0]!;
  const last = backbone.stages.findIndex(({ name }) => name === feature.stage);
  const encoder = task.encoder({ backbone, labels: [], augmentation: 'none' });
  const data = new Float32Array(inputs.length * width);
  const bar = progress.start({ label: 'embedding', total: inputs.length, unit: 'samples' });
  const forward = backend.compile((tensors: Record<string, Tensor>) =>
    tidy(() => {
      let values: Readonly<Record<string, Tensor>> = tensors;
      for (const stage of backbone.stages.slice(0, last + 1)) values = stage.forward(values, { training: false });
      return values[feature.tensor]!;
    }),
  );
  let done = 0;
  try {
    for await (const { positions, batch } of inputBatches(task, encoder, inputs, EVALUATION_BATCH)) {
      const tensors = inputTensors(encoder.inputs, batch);
      const vectors = await forward(tensors).finally(() => dispose(tensors));
      const rows = await vectors.data<'float32'>().finally(() => dispose(vectors));
      positions.forEach((position, i) => data.set(rows.subarray(i * width, (i + 1) * width), position * width));
      bar.update((done += positions.length));
    }
  } finally {
    forward.dispose();
    bar.end();
  }
  return { shape: [inputs.length, width], data };
}
