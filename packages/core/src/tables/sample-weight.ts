import { shown } from '@headstart/artifacts/errors';
import { Computed } from './computed.ts';

/** The reader option that names the column of what samples count in the loss. */
export const WEIGHT_COLUMN = 'weight-column';

/** What a cell says that its row counts beside others, or what is wrong with it: completes "line 3: …". */
export function sampleWeight(cell: unknown): { readonly weight: number } | { readonly fault: string } {
  const given = cell instanceof Computed ? cell.value : cell;
  const value = typeof given === 'string' ? given.trim() : given;
  if (value === '' || value === null || value === undefined) return { fault: 'the weight is empty' };
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const weight = isNumber || typeof value === 'string' ? Number(value) : NaN;
  if (Number.isNaN(weight)) return { fault: `the weight ${shown(value)} is not a number` };
  if (weight < 0) return { fault: `the weight ${shown(value)} is below 0` };
  return Number.isFinite(weight) ? { weight } : { fault: `the weight ${shown(value)} is not finite` };
}
