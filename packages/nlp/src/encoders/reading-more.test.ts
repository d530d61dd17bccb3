import { expect, it } from 'vitest';
import { readingMore } from './reading-more.ts';

const more = (length: number, windows: number, positions = 512) =>
  readingMore({ length, windows }, { positions, firstPosition: 0 }, (options) => `e:${options}`);

it('names a greater length where the encoder has positions for it, and windows', () => {
  expect(more(256, 1)).toBe(
    'More is read by --source "e:length=512", which takes longer, or in windows by --source "e:length=256,windows=4".',
  );
  expect(readingMore({ length: 256, windows: 1 }, { positions: 514, firstPosition: 2 })).toMatch(
    /length=512, or length=256,windows=4\)/,
  );
});

it('names no length that reads as little, and no more windows than there may be', () => {
  expect(more(512, 1)).toBe('More is read in windows by --source "e:length=512,windows=4", which takes longer.');
  expect(more(128, 4)).toBe('More is read in windows by --source "e:length=128,windows=16", which takes longer.');
  expect(more(64, 64)).toBe('Shorten the texts to what matters.');
  expect(readingMore({ length: 512, windows: 1 }, { positions: 514, firstPosition: 2 })).not.toMatch(
    /length=5(1[3-9]|[2-9])/,
  );
});
