import { createHash } from 'node:crypto';
import type { TrialIdentity } from '@headstart/core/trials';
import type { BenchRecord } from './bench-record.ts';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes or of UTF-8 text, hex. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The identity of a trial's cell: with the one test. */
export function cellIdentity(trial: TrialIdentity, test: number): TrialIdentity {
  return { ...trial, tests: [trial.tests[test]!] };
}

/** The id of a cell's record; of a whole trial, what its claims go by. */
export function identityDigest(identity: TrialIdentity): string {
  return sha256(canonicalJson(identity));
}

/** A record with its digest. @throws HeadstartError `record-invalid` for numbers that are not finite */
export function sealRecord(record: Omit<BenchRecord, 'digest'>): BenchRecord {
  return { ...record, digest: sha256(canonicalJson(record)) };
}
