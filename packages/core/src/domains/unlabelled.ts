import { createHash } from 'node:crypto';
import { altered } from './altered-sample.ts';
import { datasetOf } from './splits.ts';
import type { Sample, TargetData, TargetDomain } from './target-domain.ts';

/**
 * The target with samples to adapt to beside it: all those of the data, whichever split they are assigned to, without
 * what is known of them. The fingerprint covers their contents.
 */
export function adaptingTo<S extends Sample>(target: TargetDomain<S>, data: TargetData<S>): TargetDomain<S> {
  const samples = data.samples.map(({ sample }) => withoutTruth(sample));
  const hash = createHash('sha256').update(target.fingerprint);
  for (const { id, digest } of samples) hash.update(`\n${JSON.stringify([id, digest])}`);
  const { fingerprint: labelled } = target;
  return { ...target, unlabelled: datasetOf(samples), labelled, fingerprint: hash.digest('hex') };
}

function withoutTruth<S extends Sample>(sample: S): S {
  return altered(sample, { label: undefined, labels: undefined, score: undefined, objects: sample.objects && [] });
}
