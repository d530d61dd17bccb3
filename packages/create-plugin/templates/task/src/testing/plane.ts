import { RandomStream, type TargetData } from '@headstart/core';
import { pointSample } from '../parse-point.ts';
import type { PointSample } from '../point-sample.ts';

/** What tests learn: points of the plane `2 x - y + 1`, drawn from a fixed seed. */
export function plane(count: number): TargetData<PointSample> {
  const random = new RandomStream('your-name');
  const samples = Array.from({ length: count }, (_, i) => {
    const [x, y] = [random.normal(), random.normal()];
    return { sample: pointSample(`p${i}`, [x, y], 2 * x - y + 1) };
  });
  return { id: 'plane', modality: 'point', reader: 'plane', labels: [], samples, skipped: [] };
}
