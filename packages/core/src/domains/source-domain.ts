import type { Artifacts, Progress } from '@headstart/artifacts';
import type { Backbone } from '../network/backbone.ts';
import type { InputLimit } from './input-limit.ts';

/** What kind of data a domain is about: `image`, `text`, or a plugin's own. */
export type Modality = string;

/** What is known about published weights. */
export interface SourceCard {
  readonly title: string;
  readonly description: string;
  /** The data set the weights were trained on; `none` for an untrained architecture. */
  readonly trainedOn: string;
  readonly licence: string;
  readonly parameters?: number;
  readonly input?: string;
  readonly files: readonly { readonly uri: string; readonly sha256?: string; readonly bytes?: number }[];
  readonly citation?: string;
}

/** What a source may use while it opens. */
export interface SourceRuntime {
  readonly artifacts: Artifacts;
  readonly progress: Progress;
}

/** Which weights a backbone is to have, and where files of a saved model lie. */
export interface OpenOptions {
  /** `published` fetches and loads the source's weights; `none` builds the architecture only. */
  readonly weights: 'published' | 'none';
  /** A saved model's own files, where the backbone has `assets`. */
  readonly assets?: (name: string) => Promise<Uint8Array>;
  /** How many numbers will be put into a backbone without weights, where that is known: what its files describe cannot be larger. */
  readonly elements?: number;
}

/** What a model already knows: an architecture, published weights and a card. */
export interface SourceDomain {
  readonly id: string;
  readonly modality: Modality;
  readonly card: SourceCard;
  /** The id of the source whose architecture this one opens, where it is another's: what a saved model is built from again. */
  readonly origin?: string;
  /** What a model that is a source was trained for, which its head knows; whether some of its labels were merged since. */
  readonly trained?: { readonly task: string; readonly labels: readonly string[]; readonly merged: boolean };
  /**
   * How much of a text the network reads, known by the files that say how texts are cut; `none` where it reads all of any
   * text; with `assets`, how much a saved model reads that was trained on it. Absent, or undefined, where that is not known before the source is opened.
   * @throws HeadstartError `artifact-*`, `checkpoint-*`
   */
  inputLimit?(runtime: SourceRuntime, options?: Pick<OpenOptions, 'assets'>): Promise<InputLimit | 'none' | undefined>;
  /** @throws HeadstartError `artifact-*`, `weights-mismatch`, `checkpoint-*` */
  open(runtime: SourceRuntime, options: OpenOptions): Promise<Backbone>;
}

/** A family of sources addressed by `scheme:rest`, such as `tfjs:./model.json`. */
export interface SourceScheme {
  readonly scheme: string;
  /** Absent where it depends on what is addressed. */
  readonly modality?: Modality;
  readonly description: string;
  /** @throws HeadstartError `invalid-option` for a malformed rest */
  resolve(rest: string): SourceDomain;
}
