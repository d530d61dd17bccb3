import { dispose } from '@tensorflow/tfjs-core';
import { joinInputs } from '../data/encode-batch.ts';
import { checkOutputs } from '../network/finite.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { EncodingQueue } from './encoding-queue.ts';
import type { EvaluatedModel } from './evaluate-model.ts';
import { Gather } from './gather.ts';
import type { Inference } from './inference/inference.ts';
import type { PredictOutcome, PreparedInput } from './headstart.ts';
import { prepareInputs, type PrepareOptions, type SamplesToPrepare } from './prepare-inputs.ts';

/** Predicts samples by a model in memory; those of calls that are under way together share steps. */
export class Predictor<Prediction> {
  readonly #gather: Gather<PreparedInput, Prediction>;

  constructor(
    private readonly predicting: Pick<EvaluatedModel, 'card' | 'task' | 'encoder'>,
    private readonly inference: Inference,
    private readonly queue: EncodingQueue,
  ) {
    this.#gather = new Gather({ window: 0, size: EVALUATION_BATCH, run: (inputs) => this.step(inputs) });
  }

  /**
   * Predictions in the order of the samples.
   * @param size samples of a step at most
   * @throws HeadstartError `sample-unreadable`, `not-finite`
   */
  async predict(samples: SamplesToPrepare, size?: number): Promise<Prediction[]> {
    const predictions = new Array<Prediction>(samples.length);
    await this.#each(samples, size, { predicted: (position, prediction) => (predictions[position] = prediction) });
    return predictions;
  }

  /** @param skipBad an error in place of a prediction, where a sample cannot be read, in place of an error of all */
  async outcomes(
    samples: SamplesToPrepare,
    size: number | undefined,
    skipBad: boolean,
  ): Promise<PredictOutcome<Prediction>[]> {
    const outcomes = new Array<PredictOutcome<Prediction>>(samples.length);
    await this.#each(samples, size, {
      predicted: (position, prediction) => (outcomes[position] = { prediction }),
      ...(skipBad && { failed: (position, error) => void (outcomes[position] = { error }) }),
    });
    return outcomes;
  }

  async #each(
    samples: SamplesToPrepare,
    size = EVALUATION_BATCH,
    told: Pick<PrepareOptions, 'failed'> & { predicted: (position: number, prediction: Prediction) => void },
  ): Promise<void> {
    const { predicted, failed } = told;
    const how = { size, queue: this.queue, failed };
    for await (const { positions, inputs } of prepareInputs(this.predicting.encoder, samples, how)) {
      const predictions = await this.#gather.addAll(inputs, size);
      positions.forEach((position, i) => predicted(position, predictions[i]!));
    }
  }

  /** Predictions of inputs in one step, or as many as pay. @throws HeadstartError `not-finite` naming an input */
  async step(inputs: readonly PreparedInput[]): Promise<Prediction[]> {
    const { most = inputs.length } = this.inference;
    const predictions: Prediction[] = [];
    for (let from = 0; from < inputs.length; from += most)
      predictions.push(...(await this.#step(inputs.slice(from, from + most))));
    return predictions;
  }

  async #step(inputs: readonly PreparedInput[]): Promise<Prediction[]> {
    const { card, task, encoder } = this.predicting;
    const samples = inputs.map(({ sample }) => sample);
    const batch = joinInputs(
      encoder,
      inputs.map(({ encoded }) => encoded),
    );
    const outputs = await this.inference.run(batch);
    try {
      await checkOutputs(outputs, { rows: samples.length, name: (row) => samples[row]!.id });
      return (await task.decode(outputs, card.labels, { samples, encoder })) as Prediction[];
    } finally {
      dispose(outputs);
    }
  }

  dispose(): void {
    this.inference.dispose();
  }
}
