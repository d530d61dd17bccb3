import type { InputLimit } from '@headstart/core/readers';

/** A frozen network that runs outside TensorFlow.js and gives each text a vector. */
export interface HostEmbedder {
  /** Names what gives the vectors: model, precision, pooling. A model that was trained on it needs the same again. */
  readonly identity: string;
  /** Names what their last bits depend on beside that, such as the library that runs it. */
  readonly runtime: string;
  /** Numbers in a vector. */
  readonly width: number;
  /** How much of a text is read; absent where all is, or that is not known. */
  readonly limit?: InputLimit;
  /** Most texts to hand over at once. */
  readonly batch: number;
  /** `[texts.length, width]`, row-major. @throws HeadstartError */
  embed(texts: readonly string[]): Promise<Float32Array>;
  dispose(): void;
}
