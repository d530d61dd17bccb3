import type { Backbone, HostTensors, TensorSpecs } from '@headstart/core/network';
import type { Encoder } from '@headstart/core';
import type { SampleTargets } from '@headstart/core/tasks';
import { textBackbone, type TextInput, type TextInputs } from './text-backbone.ts';
import type { TextSample } from './text-sample.ts';

/** Turns texts into a network's inputs by the network's own tokenizer, and labels into what the task learns. */
export class TextEncoder implements Encoder<TextSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly rows?: number;
  readonly fit?: Encoder['fit'];
  readonly length?: (sample: TextSample) => number;
  readonly limit?: Encoder['limit'];
  readonly #texts: TextInputs;
  readonly #targets: SampleTargets<TextSample>;

  /**
   * @param apart whether the two texts of a pair are two rows of the network's inputs, which compares what it makes of
   * each; otherwise a pair is one row, and the network sees both at once
   * @throws HeadstartError `not-supported` for a backbone that takes no texts
   */
  constructor(
    backbone: Backbone,
    targets: SampleTargets<TextSample>,
    private readonly apart = false,
  ) {
    const { texts } = textBackbone(backbone);
    this.key = apart ? `apart ${texts.key}` : texts.key;
    if (apart) this.rows = 2;
    this.inputs = backbone.input.tensors;
    this.targets = targets.specs;
    this.#texts = texts;
    this.#targets = targets;
    if (texts.limit) this.limit = texts.limit;
    if (texts.fit) this.fit = (inputs, rows) => texts.fit!(inputs, rows);
    if (texts.length) this.length = (sample) => Math.max(...this.#parts(sample).map((part) => texts.length!(part)));
  }

  async encode(sample: TextSample): Promise<HostTensors> {
    const [first, second] = await Promise.all(this.#parts(sample).map(async (part) => this.#texts.encode(part)));
    return second ? oneAfterAnother(first!, second) : first!;
  }

  /** What makes a row each. A text without a second one is compared with itself. */
  #parts(sample: TextSample): TextInput[] {
    if (!this.apart) return [sample];
    const { text, pair = text } = sample;
    return [{ text }, { text: pair }];
  }

  target(sample: TextSample): HostTensors {
    return this.#targets.of(sample);
  }
}

function oneAfterAnother(first: HostTensors, second: HostTensors): HostTensors {
  const rows = Object.entries(first).map(([name, values]) => {
    const both = values instanceof Int32Array ? new Int32Array(2 * values.length) : new Float32Array(2 * values.length);
    both.set(values);
    both.set(second[name]!, values.length);
    return [name, both] as const;
  });
  return Object.fromEntries(rows);
}
