import type { ErrorCode } from '@headstart/artifacts/errors';
import type { Unit } from './unit.ts';
import type { UnitReport } from './work.ts';

/** What a worker process is told. */
export type ToWorker = { readonly work: Unit } | { readonly stop: true };

/** What a worker process tells: that it can begin, and what came of a unit. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly done: UnitReport }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };
