import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord } from './bench-record.ts';
import { canonicalJson } from './canonical-json.ts';
import { identityDigest, sha256 } from './record-digest.ts';
import { recordSchema } from './record-schema.ts';

export const RECORD_FILE = 'record.json';
export const PREDICTIONS_FILE = 'predictions.parquet' as const;

/** The one text of a record's file. */
export function recordText(record: BenchRecord): string {
  return `${canonicalJson(record)}\n`;
}

/**
 * The record in a file's text, which has to be the text of just that record: any other byte is found.
 * @param id by the name of its folder
 * @throws HeadstartError `record-invalid`
 */
export function parseRecord(text: string, path: string, id: string): BenchRecord {
  const record = parsed(text, path);
  const { digest, ...rest } = record;
  if (record.id !== id) throw corrupt(path, `it is the record of ${record.id}, and lies in the folder of another`);
  if (identityDigest(record.identity) !== id) throw corrupt(path, 'its id is not the digest of its identity');
  if (sha256(canonicalJson(rest)) !== digest) throw corrupt(path, 'its digest is not that of what it says');
  if (recordText(record) !== text) throw corrupt(path, 'it says the same in other bytes than it was written in');
  return record;
}

function parsed(text: string, path: string): BenchRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw corrupt(path, `it is not JSON (${(cause as Error).message})`, cause);
  }
  const checked = recordSchema.safeParse(value);
  if (checked.success) return checked.data as unknown as BenchRecord;
  const [issue] = checked.error.issues;
  throw corrupt(path, `${issue!.path.join('.') || 'what it holds'}: ${issue!.message}`, checked.error);
}

/** The error for a file of a record that is not as it was written. */
export function corrupt(path: string, what: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'record-invalid',
    message: `${path} is not as it was written: ${what}.`,
    hint: 'Run the benchmark again: the cell is computed anew and its record replaced.',
    cause,
  });
}
