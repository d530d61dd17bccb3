import type { Encoder } from '../data/encoder.ts';
import type { Backbone } from '../network/backbone.ts';

/** A file that is written beside a page: its name, with `/` where it lies deeper, and what is in it. */
export type PageFile = readonly [name: string, content: Uint8Array | string];

/** What a page asks its user for. */
export type PageAccepts = 'picture' | 'text' | 'text-pair' | 'file';

/** Plain JSON beside a `kind`. */
export type PagePart = { readonly kind: string } & Readonly<Record<string, unknown>>;

/**
 * How a page in a browser turns an input into the network's tensors and the network's tensors into a prediction: JSON
 * that is written to `headstart.json`, from where the exported `predict.js` reads it.
 */
export interface PageDescription {
  readonly accepts: PageAccepts;
  /**
   * `{ kind: 'picture', tensor, width, height, channels, mean, deviation, fit, interpolation, background }` for pictures,
   * or `{ kind: 'module', module: './input.js', … }`: an ES module of `files` whose default export is an `OpenInput`
   * of `predict.d.ts`, which is given all of this.
   */
  readonly input: PagePart;
  /**
   * `{ kind: 'classes', tensors: ['logits'], activation: 'softmax' or 'sigmoid' }`, or `{ kind: 'module', module, tensors, … }`
   * whose default export is an `OpenOutput`. `tensors` are the outputs that are wanted of the network.
   */
  readonly output: PagePart & { readonly tensors: readonly string[] };
  /** What the parts need beside the model: modules, vocabularies. */
  readonly files?: readonly PageFile[];
}

/** Says in a sentence why no page can be made of a model. */
export interface NoPage {
  readonly unavailable: string;
}

/** The model that a page is to be described for. */
export interface PageRequest {
  readonly backbone: Backbone;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
}
