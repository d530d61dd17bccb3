import type { Sample } from '../domains/target-domain.ts';

/** What is known of a sample, beside its content. */
const TRUTH = ['label', 'labels', 'score', 'objects'] as const;

/**
 * A sample of which the content can be read, and what is known of it while it may be.
 * @param closed whether it may not; asked each time
 */
export function sealed<S extends Sample>(sample: S, closed: () => boolean, why: string): S {
  const members = TRUTH.filter((name) => sample[name] !== undefined).map((name) => [
    name,
    {
      enumerable: true,
      get() {
        if (closed()) throw new Error(`the ${name} of "${sample.id}" is read, ${why}`);
        return sample[name];
      },
    },
  ]);
  return Object.create(sample, Object.fromEntries(members) as PropertyDescriptorMap) as S;
}
