import { createHash } from 'node:crypto';
import { byCodeUnit } from './names.ts';
import type { ReportData } from './report-data.ts';

/** The records that a report was made from, by id, each with its digest. */
export function recordsOf({ cells }: Pick<ReportData, 'cells'>): (readonly [id: string, digest: string])[] {
  return cells
    .flatMap(({ runs }) => runs.map(({ record, digest }) => [record, digest] as const))
    .sort(([a], [b]) => byCodeUnit(a, b));
}

/** SHA-256, hex, over a line for each record: its id, a space, its digest. */
export function recordsDigest(data: Pick<ReportData, 'cells'>): string {
  const lines = recordsOf(data).map(([id, digest]) => `${id} ${digest}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}
