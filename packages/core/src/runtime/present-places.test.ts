import { expect, it } from 'vitest';
import { presentPlaces } from './present-places.ts';

const model = (labels: string[], before: string[], places: number[]) => ({
  labels,
  relabelled: { labels: before, places },
});
const placesOf = (found: string[], of: ReturnType<typeof model>) => presentPlaces({ id: 'data', labels: found }, of);

const merged = model(['cat', 'dog'], ['lion', 'tiger', 'dog'], [0, 0, 1]);
/** up stays, right became left, and left became west. */
const moved = model(['up', 'left', 'west'], ['up', 'right', 'left'], [0, 1, 2]);
const swapped = model(['up', 'left', 'right'], ['up', 'right', 'left'], [0, 1, 2]);

it('knows labels by their present names and by those of the training', () => {
  expect(placesOf(['dog', 'tiger', 'cat', 'lion', 'cow'], merged)).toEqual({ places: [1, 0, 0, 0, -1], warnings: [] });
  expect(placesOf(['west', 'up'], moved)).toEqual({ places: [2, 0], warnings: [] });
});

it('reads a name that meant another label before as the names beside it are', () => {
  expect(placesOf(['left', 'right', 'up'], moved)).toEqual({ places: [2, 1, 0], warnings: [] });
  expect(placesOf(['left', 'west', 'up'], moved)).toEqual({ places: [1, 2, 0], warnings: [] });
});

it('takes names that were swapped as they are now, with a warning', () => {
  const { places, warnings } = placesOf(['right', 'left', 'up'], swapped);
  expect(places).toEqual([2, 1, 0]);
  expect(warnings).toMatchObject([{ code: 'ambiguous-labels' }]);
  expect(warnings[0]!.message).toContain('"right", "left" stood for other labels before');
  // Names that nothing was swapped with are clear.
  expect(placesOf(['up'], swapped).warnings).toEqual([]);
});

it('refuses such a name between names of both times', () => {
  expect(() => placesOf(['left', 'right', 'west'], moved)).toThrow(
    expect.objectContaining({
      code: 'label-invalid',
      message: expect.stringContaining('what "left" means is unclear') as string,
    }) as Error,
  );
});
