import { createHash } from 'node:crypto';
import type { Sample, SplitName } from './target-domain.ts';

/** SHA-256 over the labels and every split's samples (id, content digest, truth), in order. */
export function fingerprintOf(
  labels: readonly string[],
  splits: Readonly<Record<SplitName, readonly Sample[]>>,
): string {
  const hash = createHash('sha256').update(JSON.stringify(labels));
  for (const name of ['train', 'validation', 'test'] as const) {
    hash.update(`\n${name}\n`);
    for (const { id, digest, label, labels: several, score, weight, objects } of splits[name]) {
      const more = several || score !== undefined ? [several ?? null, score ?? null] : [];
      hash.update(
        JSON.stringify([
          id,
          digest,
          label ?? null,
          ...more,
          ...(weight === undefined ? [] : [{ weight }]),
          ...(objects ? [{ objects }] : []),
        ]),
      );
    }
  }
  return hash.digest('hex');
}
