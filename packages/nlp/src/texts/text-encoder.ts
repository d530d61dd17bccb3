import type { Backbone, Encoder, HostTensors, TensorSpecs } from '@headstart/core';
import { textBackbone, type TextInputs } from './text-backbone.ts';
import type { TextSample } from './text-sample.ts';

/** What a task learns of a text. */
export interface TextTargets {
  readonly specs: TensorSpecs;
  /** @throws HeadstartError `label-invalid` */
  of(sample: TextSample): HostTensors;
}

/** Turns texts into a network's inputs by the network's own tokenizer, and labels into what the task learns. */
export class TextEncoder implements Encoder<TextSample> {
  readonly key: string;
  readonly inputs: TensorSpecs;
  readonly targets: TensorSpecs;
  readonly fit?: Encoder['fit'];
  readonly length?: (sample: TextSample) => number;
  readonly #texts: TextInputs;
  readonly #targets: TextTargets;

  /** @throws HeadstartError `not-supported` for a backbone that takes no texts */
  constructor(backbone: Backbone, targets: TextTargets) {
    const { texts } = textBackbone(backbone);
    this.key = texts.key;
    this.inputs = backbone.input.tensors;
    this.targets = targets.specs;
    this.#texts = texts;
    this.#targets = targets;
    if (texts.fit) this.fit = (inputs, size) => texts.fit!(inputs, size);
    if (texts.length) this.length = (sample) => texts.length!(sample);
  }

  async encode(sample: TextSample): Promise<HostTensors> {
    return this.#texts.encode(sample);
  }

  target(sample: TextSample): HostTensors {
    return this.#targets.of(sample);
  }
}
