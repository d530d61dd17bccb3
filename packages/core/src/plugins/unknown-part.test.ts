import { expect, it } from 'vitest';
import type { PackageOffer } from './package-offer.ts';
import { unknownPart } from './unknown-part.ts';

const offers: PackageOffer[] = [
  {
    name: 'headstart-tones',
    brings: { sources: ['tone-net'], schemes: ['tones'], tasks: ['tone-classification'], strategies: ['hum'] },
    how: 'Install it.',
    missing: true,
  },
  { name: 'headstart-here', brings: { tasks: ['chords'] }, how: 'Name it in the config.', missing: false },
];

it.each([
  ['source', 'tone-net'],
  ['source', 'tones:./net.json'],
  ['task', 'tone-classification:threshold=1'],
  ['strategy', 'hum:8'],
] as const)('says which package brings the %s %s, and what to do', (kind, name) => {
  expect(unknownPart(kind, name, ['other'], offers)).toMatchObject({
    code: 'unknown-name',
    message: `Unknown ${kind} "${name}": it comes with headstart-tones.`,
    hint: 'Install it.',
    install: 'headstart-tones',
  });
});

it('offers nothing to install where the package is there, and not used', () => {
  const { message, hint, install } = unknownPart('task', 'chords', [], offers);
  expect([message, hint, install]).toEqual([
    'Unknown task "chords": it comes with headstart-here.',
    'Name it in the config.',
    undefined,
  ]);
});

it('suggests the nearest name, of what is here and of what could be', () => {
  expect(unknownPart('task', 'tone-clasification', ['image-classification'], offers)).toMatchObject({
    message: 'Unknown task "tone-clasification".',
    hint: 'Did you mean "tone-classification" of headstart-tones? Install it.',
    install: 'headstart-tones',
  });
  const near = unknownPart('task', 'image-clasification', ['image-classification'], offers);
  expect(near.hint).toBe('Did you mean "image-classification"? Known: image-classification.');
  expect(near.install).toBeUndefined();
  // A source's id without a colon is no scheme's.
  expect(unknownPart('source', 'tones', ['x'], offers).message).toBe('Unknown source "tones".');
});
