import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { EVALUATION_BATCH } from './evaluate.ts';
import type { Run } from './run.ts';

/** Gives the head mean and standard deviation of every vector feature over the training split. */
export async function fitHead<S extends Sample>({ model }: Run<S>, train: BatchLoader): Promise<void> {
  if (!model.head.fit) return;
  const moments = new Map<string, Moments>();
  const order = lengthOrder(train.length, train.lengthOf);
  for await (const batch of prefetch(cut(order, EVALUATION_BATCH), (positions) => train.load(positions))) {
    const inputs = inputTensors(train.inputs, batch);
    const features = tidy(
      () => model.forward(inputs, train.from, model.backbone.stages.length) as Record<string, Tensor>,
    );
    for (const [name, feature] of Object.entries(features)) {
      if (feature.rank === 2) accumulate(moments, name, await feature.data<'float32'>(), feature.shape[1]!);
    }
    dispose([inputs, features]);
  }
  for (const [name, { rows, sum, squares }] of moments) {
    const mean = Float32Array.from(sum, (total) => total / rows);
    const standardDeviation = Float32Array.from(squares, (total, i) =>
      Math.sqrt(Math.max(0, total / rows - (sum[i]! / rows) ** 2)),
    );
    model.head.fit(name, { mean, standardDeviation });
  }
}

interface Moments {
  rows: number;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function accumulate(moments: Map<string, Moments>, name: string, values: Float32Array, width: number): void {
  const found = moments.get(name) ?? { rows: 0, sum: new Float64Array(width), squares: new Float64Array(width) };
  moments.set(name, found);
  found.rows += values.length / width;
  values.forEach((value, i) => {
    found.sum[i % width]! += value;
    found.squares[i % width]! += value * value;
  });
}
