import { HeadstartError } from '@headstart/core';
import type { PageDescription } from '@headstart/core/export';
import type { InputLimit } from '@headstart/core/readers';
import type { Backbone, HostTensors, TensorSpecs, TuningAdvice } from '@headstart/core/network';

/** What a backbone needs of a sample: a text, or a pair of texts. */
export interface TextInput {
  readonly text: string;
  readonly pair?: string;
}

/** The part of a page's description that speaks of texts. */
export type TextPage = Required<Pick<PageDescription, 'input' | 'files'>>;

/** How texts become a backbone's inputs: its tokenizer and all that goes with it. */
export interface TextInputs {
  /** Names everything that determines the encoding: the tokenizer's digest, the length that texts are cut to, … */
  readonly key: string;
  /**
   * The backbone's input tensors for one sample, in the shapes of `backbone.input`.
   * @throws HeadstartError `sample-unreadable`
   */
  encode(input: TextInput): HostTensors | Promise<HostTensors>;
  /** As in core's `Encoder`: the length that a batch of this sample alone is fitted to. */
  length?(input: TextInput): number;
  /** How much of a text is read; absent where all of any text is, or that is not known. */
  readonly limit?: InputLimit;
  /** How a page in a browser makes the same tensors of a text; absent where it cannot. */
  page?(): Promise<TextPage>;
  /** As in core's `Encoder`: cuts padding that all samples of a batch share. */
  fit?(inputs: HostTensors, size: number): { readonly specs: TensorSpecs; readonly inputs: HostTensors };
}

/** A network that takes texts. Its last feature of the kind `vector` is the text's embedding. */
export interface TextBackbone extends Backbone {
  readonly texts: TextInputs;
}

/**
 * What suits networks that give a text one vector of so many numbers. Rates as Devlin et al. (2019) found them. The
 * penalty is that of a logistic regression with C = 1 on vectors of length 1 of a thousand texts: each number spreads
 * by about half of 1 / width then, and on features scaled to a standard deviation of 1 that spread comes in.
 */
export function textTuning(width: number): TuningAdvice {
  return { learningRate: 5e-5, headLearningRate: 1e-3, probePenalty: width / 480 };
}

/** @throws HeadstartError `not-supported` for a source that takes no text */
export function textBackbone(backbone: Backbone): TextBackbone {
  if ('texts' in backbone) return backbone as TextBackbone;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${backbone.architecture} does not take texts.`,
    hint: 'Choose a source of texts: `headstart sources` lists them.',
  });
}
