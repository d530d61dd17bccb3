import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import type { InputObject } from './atss.ts';

/** What a head's cells are to learn of a picture: tensors of one shape, whatever the number of objects. */
export interface CellTargets {
  readonly specs: TensorSpecs;
  /** @param objects in pixels of the input */
  of(objects: readonly InputObject[]): HostTensors;
}
