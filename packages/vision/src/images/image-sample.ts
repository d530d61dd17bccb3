import type { Sample } from '@headstart/core';

/** Where a picture's bytes are: a file of its own, or one picture of an IDX file (LeCun's MNIST format). */
export type ImageLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'idx'; readonly path: string; readonly offset: number; readonly height: number; readonly width: number };

/** A picture that is described but not decoded. `digest` is the SHA-256 of its bytes. */
export interface ImageSample extends Sample {
  readonly image: ImageLocation;
}
