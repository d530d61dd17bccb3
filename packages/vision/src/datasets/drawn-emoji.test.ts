import { silentProgress, type Artifacts } from '@headstart/core';
import { splitTarget } from '@headstart/core/readers';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emojiDataset } from './emoji.ts';
import { fluentEmoji, fluentName } from './fluent-emoji.ts';
import { openMoji } from './openmoji.ts';

const options = { skipBad: false, progress: silentProgress, options: {} };
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-drawn-'));
  vi.stubEnv('HEADSTART_CACHE', join(root, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** Packages that lie unpacked under `root` by name. */
const artifacts: Artifacts = {
  file: () => Promise.reject(new Error('no file is asked for')),
  async package({ uri, archiveSha256 }) {
    expect(archiveSha256).toMatch(/^[0-9a-f]{64}$/);
    return { path: join(root, uri.slice('npm:'.length).split('@')[0]!), archiveSha256: '', cached: true };
  },
};

async function put(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

const drawn = { has_img_google: true, has_img_twitter: true, has_img_apple: true, has_img_facebook: true };
const SMILEYS = 12;
/** Twelve faces, and a flag and hearts whose code points end in a variation selector. */
const entries = [
  ...Array.from({ length: SMILEYS }, (_, i) => ({
    unified: (0x1f600 + i).toString(16).toUpperCase(),
    image: `${(0x1f600 + i).toString(16)}.png`,
    category: 'Smileys & Emotion',
    ...drawn,
  })),
  ...['1F3F3-FE0F', '2764-FE0F'].map((unified) => ({
    unified,
    image: `${unified.toLowerCase()}.png`,
    category: 'Flags',
    ...drawn,
  })),
];
const names = entries.map(({ unified }, i) => ({
  hexcode: unified.replace('-FE0F', ''),
  annotation: i < SMILEYS ? `face: no. ${i}` : 'white flag’s “pole” & cloth',
}));

/** A square of one colour on a ground of 32 x 32 units, whose size in pixels is left open. */
const square = (colour: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="${colour}" d="M8 8h16v16H8z"/></svg>`;

describe('drawn emoji', () => {
  beforeEach(async () => {
    await put('emoji-datasource-google/emoji.json', JSON.stringify(entries));
    await put('openmoji/data/openmoji.json', JSON.stringify(names));
  });

  it('are painted at the size of the pictures, with their ground left transparent', async () => {
    for (const { unified } of entries)
      await put(`openmoji/color/svg/${unified.replace('-FE0F', '')}.svg`, square('#f00'));
    const { samples, labels } = await openMoji.load({ artifacts }, options);
    expect(samples.map(({ sample }) => sample.id)).toEqual(entries.map(({ unified }) => unified).sort());
    expect(labels).toEqual(['Flags', 'Smileys & Emotion']);
    const image = (samples[0]!.sample as unknown as { image: { path: string } }).image;
    const { data, info } = await sharp(image.path).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 64, height: 64, channels: 4 });
    const at = (x: number, y: number) => [...data.subarray(4 * (64 * y + x), 4 * (64 * y + x) + 4)];
    // The square's edges, at 8 and 24 of 32 units, lie between pixels 15 | 16 and 47 | 48: sharp, so not enlarged.
    expect([at(15, 32), at(16, 32), at(47, 32), at(48, 32)]).toEqual([
      [0, 0, 0, 0],
      [255, 0, 0, 255],
      [255, 0, 0, 255],
      [0, 0, 0, 0],
    ]);
  });

  it('are found by their names, and split like the emoji of which they are some', async () => {
    for (let i = 0; i < SMILEYS; i += 2)
      await put(`fluentui-emoji/icons/flat/face-no-${i}${i === 2 ? '-default' : ''}.svg`, square('#00f'));
    await put('fluentui-emoji/icons/flat/something-else.svg', square('#000'));
    const png = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#123' } })
      .png()
      .toBuffer();
    for (const { image } of entries) await put(`emoji-datasource-google/img/google/64/${image}`, png);
    const some = await fluentEmoji('flat').load({ artifacts }, options);
    expect(some).toMatchObject({ id: 'emoji-fluent-flat', labels: ['Flags', 'Smileys & Emotion'] });
    expect(some.samples.map(({ sample }) => sample.id)).toEqual([0, 2, 4, 6, 8, 10].map((i) => entries[i]!.unified));
    const all = await emojiDataset('google').load({ artifacts }, options);
    const [a, b] = [all, some].map((data) => splitTarget(data, { shares: [50, 0, 50], seed: 3 }).splits.test);
    const ids = (split: typeof a) => Array.from({ length: split!.length }, (_, i) => split!.get(i).id);
    const present = new Set(some.samples.map(({ sample }) => sample.id));
    expect(ids(b)).toEqual(ids(a).filter((id) => present.has(id)));
    expect(ids(b).length).toBeGreaterThan(0);
  });

  it('are not read by a list of names that is not one', async () => {
    await put('fluentui-emoji/icons/color/x.svg', square('#000'));
    await put('fluentui-emoji/icons/modern/x.svg', square('#000'));
    await put('openmoji/data/openmoji.json', '{"emoji": 1}');
    await expect(fluentEmoji('color').load({ artifacts }, options)).rejects.toMatchObject({
      code: 'target-unreadable',
    });
  });

  it('have names as files write them', () => {
    const written = {
      'woman’s hat': 'womans-hat',
      'Mrs. Claus': 'mrs-claus',
      piñata: 'pinata',
      'ON! arrow': 'on-arrow',
    };
    for (const [name, file] of Object.entries(written)) expect(fluentName(name)).toBe(file);
    expect(fluentName('flag: Bosnia & Herzegovina')).toBe('flag-bosnia-and-herzegovina');
  });
});
