import { altered } from '../domains/altered-sample.ts';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { StoredValue } from '../network/variable-values.ts';
import type { DerivedTargets } from '../strategies/strategy.ts';

/** The unlabelled samples with what was derived of each as its truth. */
export function appliedSamples<S extends Sample>(
  samples: Dataset<S>,
  derived: DerivedTargets,
  values: ReadonlyMap<string, StoredValue>,
): Dataset<S> {
  return {
    length: samples.length,
    get(index) {
      const own = Array.from(values, ([name, { data }]): [string, Float32Array] => {
        const width = data.length / samples.length;
        return [name, data.subarray(index * width, (index + 1) * width)];
      });
      const sample = samples.get(index);
      return altered(sample, derived.truth!(sample, Object.fromEntries(own)));
    },
  };
}
