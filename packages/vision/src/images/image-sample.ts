import type { Sample } from '@headstart/core';
import type { ImageLocation } from '@headstart/core/images';

/** A picture that is described but not decoded. `digest` is the SHA-256 of its bytes. */
export interface ImageSample extends Sample {
  readonly image: ImageLocation;
}
