import type { Sample } from './target-domain.ts';

/** Every label that a sample bears, by itself, in its list or on its objects, without repetition. */
export function everyLabelOf({ label, labels = [], objects = [] }: Sample): number[] {
  return [...new Set([...(label === undefined ? [] : [label]), ...labels, ...objects.map((object) => object.label)])];
}
