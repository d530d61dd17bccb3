import type { Sample } from '@headstart/core';

/** A point of the plane. */
export interface PointSample extends Sample {
  readonly point: readonly [x: number, y: number];
}
