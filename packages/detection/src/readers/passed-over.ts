import type { PassedOver } from '@headstart/core/readers';

/** So many examples are given of what is passed over. */
const MOST = 5;

/** A note of what is passed over for one reason; none where nothing is. */
export function passedOver(what: string, names: readonly string[]): PassedOver[] {
  return names.length === 0 ? [] : [{ what, count: names.length, examples: names.slice(0, MOST) }];
}
