import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageScript } from '@headstart/core/export';
import { centredBox, decodePixels, type DecodeOptions } from '@headstart/core/images';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE, openBrowser, type Browser } from './browser.ts';
import { writePictures } from './page-pictures.ts';

const background = [250, 240, 10] as const;

describe.skipIf(!BROWSER_HERE)('pictures in a page', () => {
  let root: string;
  let browser: Browser;
  let script: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-pixels-'));
    browser = await openBrowser();
    script = await pageScript(new URL('../packages/core/src/export/browser/picture-input.ts', import.meta.url));
    await writePictures(root);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await rm(root, { recursive: true });
  });

  /** The most by which the page's pixels differ from those here, and the share that does, by picture. */
  async function differences(
    names: readonly string[],
    settings: object,
    options: Omit<DecodeOptions, 'background'>,
  ): Promise<Record<string, { most: number; share: number }>> {
    const given = {
      tensor: 'image',
      channels: 3,
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
      background,
      ...options,
      ...settings,
    };
    const theirs = await browser.run<Record<string, number[]>>(
      `${script}
      export default async () => {
        const found = {};
        for (const name of ${JSON.stringify(names)}) {
          const picture = await (await fetch('/asked/' + name)).blob();
          found[name] = [...(await encodePicture(picture, ${JSON.stringify(given)})).tensors.image.data];
        }
        return found;
      };`,
      { asked: root },
    );
    const found: Record<string, { most: number; share: number }> = {};
    for (const name of names) {
      const located = { id: name, image: { kind: 'file', path: join(root, name) } } as const;
      const { data } = await decodePixels(located, { ...options, background });
      expect(theirs[name]).toHaveLength(data.length);
      const apart = theirs[name]!.map((value, i) => Math.abs(value - data[i]!));
      const share = apart.filter((value) => value > 0).length / apart.length;
      found[name] = { most: apart.reduce((a, b) => Math.max(a, b)), share };
    }
    return found;
  }

  const size = { width: 224, height: 224 };
  const EXACT = [
    'coffee.png',
    'grey.png',
    'photo.jpg',
    'tiny.webp',
    'see-through.png',
    'palette.png',
    'grey-alpha.png',
  ];

  it.each(['bilinear', 'bicubic', 'lanczos3'] as const)(
    'are those of Node, to the bit where decoders agree: %s',
    async (interpolation) => {
      const options = { ...size, interpolation };
      const stretched = await differences(EXACT, { fit: 'stretch' }, options);
      const box = centredBox(size, 0.875);
      const cropped = await differences(EXACT, { fit: 'crop', cropFraction: 0.875 }, { ...options, box });
      for (const name of EXACT) {
        expect(stretched[name], name).toEqual({ most: 0, share: 0 });
        expect(cropped[name], name).toEqual({ most: 0, share: 0 });
      }
    },
    60_000,
  );

  it('are within a rounding where JPEG shrinks while it is decoded, colours are converted or shine through', async () => {
    const CLOSE = ['large.jpg', 'huge.jpg', 'turned.jpg', 'see-through.webp', 'wide-gamut.png', 'deep.png'];
    const found = await differences(CLOSE, { fit: 'stretch' }, { ...size, interpolation: 'bilinear' });
    for (const name of CLOSE) {
      expect(found[name]!.most, name).toBeLessThanOrEqual(2);
      expect(found[name]!.share, name).toBeLessThan(0.2);
    }
  }, 60_000);
});
