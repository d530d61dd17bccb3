import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress, type Artifacts } from '@headstart/core';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cocoJson } from '../readers/coco-json.ts';
import { composeScene } from './compose-scene.ts';
import { SCENE_CLASSES, SCENE_VENDORS } from './emoji-pictures.ts';
import { emojiScenes } from './emoji-scenes.ts';
import { PHOTOGRAPHS } from './scene-photographs.ts';
import { SCENE_SIDE, sceneLayout, type SceneLayout } from './scene-layout.ts';
import { writeEmojiScenes } from './write-scenes.ts';

const options = { skipBad: false, progress: silentProgress, options: {} };
const counts = { train: 4, validation: 1, test: 3 };
let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-scenes-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

/** Packages whose emoji are discs of one colour a vendor, and whose photographs are grey. */
async function packages(): Promise<Artifacts & { asked: Set<string> }> {
  const asked = new Set<string>();
  return {
    asked,
    file: () => Promise.reject(new Error('no file is asked for')),
    async package({ uri, archiveSha256, include }) {
      asked.add(uri);
      expect(archiveSha256).toMatch(/^[0-9a-f]{64}$/);
      const path = join(root, 'packages', uri.replace(/\W/g, '-'));
      for (const file of include!) {
        await mkdir(join(path, file, '..'), { recursive: true });
        const colour = uri.includes('google') ? '#f00' : '#00f';
        const disc = Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="32" fill="${colour}"/></svg>`,
        );
        const grey = sharp({ create: { width: 300, height: 200, channels: 3, background: '#808080' } });
        await writeFile(
          join(path, file),
          await (uri.startsWith('npm:')
            ? sharp(disc).png()
            : grey.toFormat(file.endsWith('jpg') ? 'jpeg' : 'png')
          ).toBuffer(),
        );
      }
      return { path, archiveSha256: archiveSha256!, cached: true };
    },
  };
}

describe('sceneLayout', () => {
  const all = (['train', 'validation', 'test'] as const).flatMap((split) =>
    Array.from({ length: 100 }, (_, i) => ({ split, layout: sceneLayout(0, split, i + 1) })),
  );

  it('draws one to six objects of 24 to 160 pixels whose middles lie in the scene', () => {
    for (const {
      layout: { objects },
    } of all) {
      expect(objects.length).toBeGreaterThanOrEqual(1);
      expect(objects.length).toBeLessThanOrEqual(6);
      for (const { side, centre, degrees } of objects) {
        expect(side).toBeGreaterThanOrEqual(24);
        expect(side).toBeLessThanOrEqual(160);
        for (const place of centre) expect(place >= 0 && place < SCENE_SIDE).toBe(true);
        expect(Math.abs(degrees)).toBeLessThanOrEqual(40);
      }
    }
    const labels = new Set(all.flatMap(({ layout }) => layout.objects.map(({ label }) => label)));
    expect(labels.size).toBe(Object.keys(SCENE_CLASSES).length);
  });

  it('keeps the photographs behind tested scenes to these', () => {
    const of = (tested: boolean) =>
      new Set(all.filter(({ split }) => (split === 'test') === tested).map(({ layout }) => layout.photograph));
    expect(of(true)).toEqual(new Set(PHOTOGRAPHS.test));
    expect(of(false)).toEqual(new Set(PHOTOGRAPHS.train));
    for (const name of PHOTOGRAPHS.test) expect(PHOTOGRAPHS.train).not.toContain(name);
  });

  it('is a function of seed, split and number', () => {
    expect(sceneLayout(0, 'train', 1)).toEqual(sceneLayout(0, 'train', 1));
    for (const other of [sceneLayout(1, 'train', 1), sceneLayout(0, 'test', 1), sceneLayout(0, 'train', 2)])
      expect(other).not.toEqual(sceneLayout(0, 'train', 1));
  });
});

describe('composeScene', () => {
  const square = (colour: string) =>
    sharp({ create: { width: 64, height: 64, channels: 4, background: colour } })
      .png()
      .toBuffer();
  const object = { side: 64, degrees: 0, mirrored: false };

  it('puts boxes around what is seen: cut at the edge, less what later objects hide', async () => {
    const path = join(root, 'grey.png');
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#808080' } })
      .png()
      .toFile(path);
    const layout: SceneLayout = {
      photograph: 'grey.png',
      crop: { x: 0, y: 0, share: 1, mirrored: false },
      objects: [
        { ...object, label: 0, centre: [0, 100] }, // half beyond the left edge
        { ...object, label: 0, centre: [200, 200] }, // its lower right quarter is hidden
        { ...object, label: 1, centre: [232, 232] },
        { ...object, label: 0, centre: [300, 300] }, // wholly hidden
        { ...object, label: 1, centre: [300, 300] },
        { ...object, label: 0, centre: [350, 50] }, // its right half is hidden
        { ...object, label: 1, centre: [382, 50] },
      ],
    };
    const { objects, pixels } = await composeScene(layout, path, [await square('#ff0000'), await square('#00ff00')]);
    expect(objects).toEqual([
      { label: 0, box: [0, 68, 32, 64], area: 32 * 64 },
      { label: 0, box: [168, 168, 64, 64], area: 64 * 64 - 32 * 32 },
      { label: 1, box: [200, 200, 64, 64], area: 64 * 64 },
      { label: 1, box: [268, 268, 64, 64], area: 64 * 64 },
      { label: 0, box: [318, 18, 32, 64], area: 32 * 64 },
      { label: 1, box: [350, 18, 64, 64], area: 64 * 64 },
    ]);
    const at = (x: number, y: number) =>
      Array.from(pixels.slice(3 * (y * SCENE_SIDE + x), 3 * (y * SCENE_SIDE + x) + 3));
    expect([at(10, 100), at(180, 180), at(220, 220), at(400, 400)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
      [0, 255, 0],
      [128, 128, 128],
    ]);
  });

  it('turns about the middle', async () => {
    const path = join(root, 'grey.png');
    await sharp({ create: { width: 100, height: 100, channels: 3, background: '#808080' } })
      .png()
      .toFile(path);
    const bar = await sharp({ create: { width: 64, height: 64, channels: 4, background: '#0000' } })
      .composite([{ input: { create: { width: 64, height: 16, channels: 4, background: '#f00' } }, top: 24, left: 0 }])
      .png()
      .toBuffer();
    const layout: SceneLayout = {
      photograph: '',
      crop: { x: 0, y: 0, share: 1, mirrored: false },
      objects: [{ label: 0, centre: [208, 208], side: 64, degrees: 30, mirrored: false }],
    };
    const {
      objects: [found],
    } = await composeScene(layout, path, [bar]);
    // A bar of 64 x 16 turned by 30 degrees: 64 cos + 16 sin wide, 64 sin + 16 cos high.
    const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const [x, y, width, height] = found!.box;
    expect(Math.abs(width - (64 * cos + 16 * sin))).toBeLessThanOrEqual(2);
    expect(Math.abs(height - (64 * sin + 16 * cos))).toBeLessThanOrEqual(2);
    expect(Math.abs(x + width / 2 - 208)).toBeLessThanOrEqual(1);
    expect(Math.abs(y + height / 2 - 208)).toBeLessThanOrEqual(1);
  });
});

describe('writeEmojiScenes', () => {
  it('writes a COCO folder, the same for the same seed and with the same layouts for every vendor', async () => {
    const artifacts = await packages();
    const sets = [];
    for (const [name, vendor, seed] of [
      ['a', 'google', 0],
      ['b', 'google', 0],
      ['c', 'twitter', 0],
      ['d', 'google', 1],
    ] as const) {
      await writeEmojiScenes(join(root, name), { vendor, seed, counts, artifacts, progress: silentProgress });
      sets.push(await cocoJson.read(join(root, name), options));
    }
    const [a, b, c, d] = sets.map(({ samples, labels }) => ({
      labels,
      digests: samples.map(({ sample }) => sample.digest),
      objects: samples.map(({ sample, split }) => ({ split, objects: sample.objects })),
    }));
    expect(a).toEqual(b);
    expect(c!.objects).toEqual(a!.objects);
    expect(c!.digests).not.toEqual(a!.digests);
    expect(d!.objects).not.toEqual(a!.objects);
    expect(a!.objects.map(({ split }) => split)).toEqual([
      'test',
      'test',
      'test',
      'train',
      'train',
      'train',
      'train',
      'validation',
    ]);
    expect((await readdir(root)).sort()).toEqual(['a', 'b', 'c', 'd', 'packages']);
  });

  it('leaves what is there alone, and nothing behind where it fails', async () => {
    const artifacts = await packages();
    await mkdir(join(root, 'taken'));
    await expect(
      writeEmojiScenes(join(root, 'taken'), { vendor: 'google', counts, artifacts, progress: silentProgress }),
    ).rejects.toMatchObject({ code: 'invalid-option' });
    const failing: Artifacts = {
      ...artifacts,
      package: (ref) =>
        ref.uri.startsWith('pypi:') ? Promise.reject(new Error('unreachable')) : artifacts.package(ref),
    };
    await expect(
      writeEmojiScenes(join(root, 'new'), { vendor: 'google', counts, artifacts: failing, progress: silentProgress }),
    ).rejects.toThrow();
    expect((await readdir(root)).sort()).toEqual(['packages', 'taken']);
  });
});

describe('emojiScenes', () => {
  it('is one set a vendor, each with the licence of its pictures', () => {
    const sets = SCENE_VENDORS.map(emojiScenes);
    expect(sets.map(({ id }) => id)).toEqual(SCENE_VENDORS.map((vendor) => `emoji-scenes-${vendor}`));
    for (const { licence, task } of sets) expect([licence.includes('emoji'), task]).toEqual([true, 'object-detection']);
  });

  it('pins every package', async () => {
    const artifacts = await packages();
    await writeEmojiScenes(join(root, 'x'), {
      vendor: 'apple',
      counts: { train: 1, validation: 0, test: 0 },
      artifacts,
      progress: silentProgress,
    });
    for (const uri of artifacts.asked) expect(uri).toMatch(/@\d+\.\d+\.\d+/);
    expect(JSON.parse(await readFile(join(root, 'x/annotations/train.json'), 'utf8'))).toMatchObject({
      categories: expect.arrayContaining([{ id: 1, name: 'apple' }]) as unknown,
    });
  });
});
