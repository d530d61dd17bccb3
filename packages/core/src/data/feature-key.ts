import { createHash } from 'node:crypto';
import type { TensorSpecs } from '../network/tensors.ts';

/** Everything that determines cached features, the samples' own content apart. */
export interface FeatureKey {
  readonly architecture: string;
  /** SHA-256 of the prefix's weights. */
  readonly weights: string;
  /** The last stage of the prefix. */
  readonly stage: string;
  /** The encoder's key (preprocessing). */
  readonly encoding: string;
  /** `plain`, or the augmentation policy, the number of the view, and what is taken of other samples. */
  readonly view: string;
  /** Backend and device: their arithmetic differs in the last bits. */
  readonly backend: string;
  readonly row: TensorSpecs;
}

const FORMAT = 3;

export function featureKeyDigest(key: FeatureKey): string {
  const { architecture, weights, stage, encoding, view, backend, row } = key;
  const rows = Object.keys(row)
    .sort()
    .map((name) => [name, row[name]!.shape, row[name]!.dtype]);
  return createHash('sha256')
    .update(JSON.stringify([FORMAT, architecture, weights, stage, encoding, view, backend, rows]))
    .digest('hex');
}
