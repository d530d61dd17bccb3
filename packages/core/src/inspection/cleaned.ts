import type { Cleaning } from '../options/cleanings.ts';

/** What a cleaning did: how many samples were left out or altered, and in words. */
export interface Cleaned {
  readonly code: Cleaning;
  readonly samples: number;
  readonly message: string;
}
