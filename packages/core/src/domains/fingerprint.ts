import { createHash } from 'node:crypto';
import { byCodeUnit } from './by-code-unit.ts';
import type { Dataset, Sample, SplitName } from './target-domain.ts';

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

/** SHA-256 over the contents of samples of which nothing else counts: the same in whatever order, by whatever names. */
export function contentsOf(samples: Dataset<Sample>): string {
  const digests = Array.from({ length: samples.length }, (_, i) => samples.get(i).digest).sort(byCodeUnit);
  return createHash('sha256').update(JSON.stringify(digests)).digest('hex');
}
