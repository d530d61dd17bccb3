import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { softmaxRows } from '../metrics/softmax-rows.ts';
import { headFeature, pooledFeature } from '../network/head-feature.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import type { Backend } from '../ports/backend.ts';
import type { Opinions } from '../selection/criteria.ts';
import { EVALUATION_BATCH, type Inference } from './evaluate.ts';

/** What the head sees, under a name that no output of a head has. */
const FEATURES = 'features of the head';

/**
 * A model in inference mode, whose outputs have what its head saw beside them.
 * @param from the stage whose inputs the batches hold
 */
export function compileOpinions(backend: Backend, model: TransferModel, from: number): Inference {
  const last = model.backbone.stages.length;
  return backend.compile((inputs: Record<string, Tensor>) =>
    tidy(() => {
      const below = model.forward(inputs, from, last);
      const outputs = model.forward(below, last) as Record<string, Tensor>;
      return { ...outputs, [FEATURES]: pooledFeature(headFeature(model.backbone), below).clone() };
    }),
  );
}

/** What the model as it is makes of all samples of a loader, in their order; nothing where its outputs are no `logits` of classes. */
export async function opinionsOf(forward: Inference, loader: BatchLoader): Promise<Opinions | undefined> {
  const batches = cut(lengthOrder(loader.length, loader.lengthOf), EVALUATION_BATCH);
  const found = new Map<string, { readonly columns: number; readonly values: Float32Array }>();
  let next = 0;
  for await (const batch of prefetch(batches, (positions) => loader.load(positions))) {
    const inputs = inputTensors(loader.inputs, batch);
    const outputs = await forward(inputs).finally(() => dispose(inputs));
    const positions = batches[next++]!;
    try {
      for (const name of ['logits', FEATURES]) {
        const output = outputs[name];
        if (output?.rank !== 2) continue;
        const columns = output.shape[1]!;
        const rows = found.get(name) ?? { columns, values: new Float32Array(loader.length * columns) };
        found.set(name, rows);
        const values = await output.data<'float32'>();
        positions.forEach((place, i) =>
          rows.values.set(values.subarray(i * columns, (i + 1) * columns), place * columns),
        );
      }
    } finally {
      dispose(outputs);
    }
  }
  const [logits, features] = [found.get('logits'), found.get(FEATURES)];
  if (!logits) return undefined;
  const { columns } = logits;
  return {
    probabilities: { rows: loader.length, columns, values: softmaxRows(logits.values, columns) },
    ...(features && { features: { rows: loader.length, ...features } }),
  };
}
