import type { LoadedModel, PreparedInput } from '@headstart/core';
import { Gather, Permits } from '@headstart/core/inference';
import { Problem, problemOf } from './problem.ts';
import { ServerMetrics } from './server-metrics.ts';

/** Bytes, or a text. */
export type ServedInput = Uint8Array | string;

/** What came of one input. */
export type Outcome = { readonly prediction: object } | { readonly problem: Problem };

export interface ServedModelOptions {
  /** See `GatherOptions.window`. */
  readonly batchWindow: number;
  readonly batchSize: number;
  /** Inputs that may be under way. */
  readonly queue: number;
  /** Told of what failed through no fault of the input. */
  onFailure(error: unknown): void;
}

/** A model that is asked by many at once. */
export class ServedModel {
  readonly metrics = new ServerMetrics(() => this.#underWay);
  readonly #gather: Gather<PreparedInput, object>;
  readonly #ahead: Permits;
  #underWay = 0;

  constructor(
    readonly model: LoadedModel,
    private readonly options: ServedModelOptions,
  ) {
    const { batchSize: size, batchWindow: window } = options;
    this.#gather = new Gather({
      window,
      size,
      run: async (inputs) => {
        this.metrics.batches.observe(inputs.length);
        return (await model.predictPrepared(inputs)) as object[];
      },
    });
    // A batch that is worked on, and one that is made ready for then: what waits further behind stays as it was sent.
    this.#ahead = new Permits(2 * size);
  }

  /**
   * What comes of each input, in their order.
   * @param signal gives up those that have not started
   * @throws Problem 413 where there are more than the queue ever takes, 429 where it is full
   */
  async predict(inputs: readonly ServedInput[], signal: AbortSignal): Promise<Outcome[]> {
    this.#admit(inputs.length);
    try {
      return await Promise.all(inputs.map((input, i) => this.#outcome(input, `input ${i + 1}`, signal)));
    } finally {
      this.#underWay -= inputs.length;
    }
  }

  #admit(count: number): void {
    const { queue } = this.options;
    if (count > queue) {
      throw new Problem(413, {
        code: 'too-many-inputs',
        message: `The request has ${count} inputs, and the server takes ${queue} at a time.`,
        hint: 'Send them in several requests.',
      });
    }
    if (this.#underWay + count > queue) throw queueFull(`${this.#underWay} of ${queue} inputs are under way`);
    this.#underWay += count;
  }

  async #outcome(input: ServedInput, name: string, signal: AbortSignal): Promise<Outcome> {
    try {
      const prediction = await this.#predict(input, name, signal);
      this.metrics.inputs.add({ outcome: 'predicted' });
      return { prediction };
    } catch (error) {
      if (signal.aborted) throw error;
      this.metrics.inputs.add({ outcome: 'failed' });
      const problem = problemOf(error, this.model.task.modality);
      if (problem.status >= 500) this.options.onFailure(error);
      return { problem };
    }
  }

  async #predict(input: ServedInput, name: string, signal: AbortSignal): Promise<object> {
    await this.#ahead.take(signal);
    let prepared: PreparedInput;
    try {
      prepared = await this.model.prepare(input, name);
    } catch (error) {
      this.#ahead.give();
      throw error;
    }
    return this.#gather.add(prepared, signal, () => this.#ahead.give());
  }
}

/** The reply to who comes when all is taken. */
export function queueFull(why: string): Problem {
  return new Problem(
    429,
    { code: 'queue-full', message: `The server is busy: ${why}.`, hint: 'Send the request again a little later.' },
    { 'Retry-After': '1' },
  );
}
