import { describe, expect, it } from 'vitest';
import { canonicalLabel } from '../network/class-names.ts';
import { joinedLabels, placesAmong } from './labels.ts';

describe('labels across data sets', () => {
  it('are one where they differ in case, spaces, hyphens and underscores alone', () => {
    expect(['Hot_Dog', ' hot-dog ', 'hot  dog'].map(canonicalLabel)).toEqual(['hot dog', 'hot dog', 'hot dog']);
    expect(placesAmong(['dog', 'Hot_dog', 'cup'], ['hot dog', 'dog'])).toEqual([1, 0, -1]);
  });

  it('keep to their own spelling where there are several', () => {
    expect(placesAmong(['Cat', 'cat'], ['cat', 'Cat'])).toEqual([1, 0]);
  });

  it('are refused where two come to one', () => {
    expect(() => placesAmong(['cat', 'dog', 'CAT'], ['dog', 'cat'])).toThrow(
      expect.objectContaining({ code: 'label-invalid', message: 'The labels "cat" and "CAT" both mean "cat".' }),
    );
    expect(placesAmong(['cat', 'CAT'], ['dog'])).toEqual([-1, -1]); // new ones are what the data call them
  });

  it('come after the known ones where they are joined', () => {
    expect(joinedLabels(['person', 'hot dog'], ['clock', 'Hot_Dog', 'car'])).toEqual([
      'person',
      'hot dog',
      'clock',
      'car',
    ]);
  });
});
