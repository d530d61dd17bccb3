import type { Sample } from './target-domain.ts';

/** What is known of a sample, as far as it is named here. */
export type Truth = Partial<Pick<Sample, 'label' | 'labels' | 'score' | 'objects'>>;

/** The sample with other truth. Its accessors stay accessors, so that what it reads when asked is not read for this. */
export function altered<S extends Sample>(sample: S, truth: Truth): S {
  const properties = Object.entries(truth).map(([name, value]) => [name, { value, enumerable: true }]);
  return Object.create(Object.getPrototypeOf(sample) as object, {
    ...Object.getOwnPropertyDescriptors(sample),
    ...(Object.fromEntries(properties) as PropertyDescriptorMap),
  }) as S;
}
