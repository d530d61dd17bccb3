import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '../errors/headstart-error.ts';
import type { Backbone } from '../models/backbone.ts';
import type { Task } from '../tasks/task.ts';
import { cut, prefetch } from '../training/batches.ts';
import { encodeInputs, toTensors } from '../training/encode-batch.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { Progress } from './progress.ts';

/** The backbone's last vector feature for each input: `[inputs.length, d]`, row-major. */
export async function embed(
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
  const load = async (positions: Uint32Array) => {
    const samples = await Promise.all(Array.from(positions, (position) => task.parseInput(inputs[position]!)));
    return { size: samples.length, inputs: await encodeInputs(encoder, samples), targets: {} };
  };
  let done = 0;
  try {
    for await (const batch of prefetch(cut(Uint32Array.from(inputs.keys()), EVALUATION_BATCH), load)) {
      const tensors = toTensors(encoder.inputs, batch.inputs, batch.size);
      const vectors = tidy(() => {
        let values: Readonly<Record<string, Tensor>> = tensors;
        for (const stage of backbone.stages.slice(0, last + 1)) values = stage.forward(values, { training: false });
        return values[feature.tensor]!;
      });
      data.set(await vectors.data<'float32'>(), done * width);
      dispose([tensors, vectors]);
      bar.update((done += batch.size));
    }
  } finally {
    bar.end();
  }
  return { shape: [inputs.length, width], data };
}
