import { dispose, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Sample } from '../domains/target-domain.ts';
import { cut, lengthOrder, prefetch, type BatchLoader } from '../data/batches.ts';
import { inputTensors } from '../data/encode-batch.ts';
import { EVALUATION_BATCH } from './evaluate.ts';
import { FeatureMoments } from './feature-moments.ts';
import type { Run } from './run.ts';

/** Gives the head mean and standard deviation of every vector feature over the training split. */
export async function fitHead<S extends Sample>({ model }: Run<S>, train: BatchLoader): Promise<void> {
  if (!model.head.fit) return;
  const moments = new Map<string, FeatureMoments>();
  const order = lengthOrder(train.length, train.lengthOf);
  for await (const batch of prefetch(cut(order, EVALUATION_BATCH), (positions) => train.load(positions))) {
    const inputs = inputTensors(train.inputs, batch);
    const features = tidy(
      () => model.forward(inputs, train.from, model.backbone.stages.length) as Record<string, Tensor>,
    );
    for (const [name, feature] of Object.entries(features)) {
      if (feature.rank !== 2) continue;
      const found = moments.get(name) ?? new FeatureMoments(feature.shape[1]!);
      found.add(await feature.data<'float32'>());
      moments.set(name, found);
    }
    dispose([inputs, features]);
  }
  for (const [name, found] of moments) model.head.fit(name, found.statistics());
}
