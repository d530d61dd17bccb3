import { placesAmong } from './labels.ts';
import { mapLabels } from './map-labels.ts';
import type { TargetData } from './target-domain.ts';

/** The data with its labels numbered as `labels` lists them, which has all of them (perhaps spelt differently) and perhaps more. */
export function renumberLabels(data: TargetData, labels: readonly string[]): TargetData {
  return mapLabels(data, labels, placesAmong(data.labels, labels));
}
