import { createHash } from 'node:crypto';
import type { Sample, SplitName } from './target-domain.ts';

/** SHA-256 over the labels and every split's samples (id, content digest, label), in order. */
export function fingerprintOf(
  labels: readonly string[],
  splits: Readonly<Record<SplitName, readonly Sample[]>>,
): string {
  const hash = createHash('sha256').update(JSON.stringify(labels));
  for (const name of ['train', 'validation', 'test'] as const) {
    hash.update(`\n${name}\n`);
    for (const sample of splits[name]) hash.update(JSON.stringify([sample.id, sample.digest, sample.label ?? null]));
  }
  return hash.digest('hex');
}
