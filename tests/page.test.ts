import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart } from '@headstart/core';
import detection, { type DetectionPrediction } from '@headstart/detection';
import vision, { type ImagePrediction } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE, openBrowser, type Browser } from './browser.ts';
import { writeClasses, writePictures } from './page-pictures.ts';

/** The file that an exported folder begins with. */
const FORMATS = { tfjs: 'model.json', onnx: 'model.onnx' };

/** Asks predict.js about files of the folder `asked`, one after another. */
const ask = (names: readonly string[], options = '{}') => `
  import { load } from '/model/predict.js';
  export default async () => {
    const model = await load(${options});
    const found = [];
    for (const name of ${JSON.stringify(names)}) {
      const file = new File([await (await fetch('/asked/' + name)).blob()], name);
      found.push(await model.predict(file).catch(({ code, message, hint }) => ({ code, message, hint })));
    }
    return { backend: model.backend, found };
  };`;

describe.skipIf(!BROWSER_HERE)('an exported page', () => {
  let root: string;
  let asked: string;
  let headstart: Headstart;
  let browser: Browser;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-page-'));
    asked = join(root, 'asked');
    await mkdir(asked);
    headstart = await createHeadstart({
      backend: await openBackend({ prefer: 'libtensorflow' }),
      plugins: [vision(), detection()],
    });
    browser = await openBrowser();
    await writePictures(asked);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await headstart?.close();
    await rm(root, { recursive: true });
  });

  const PICTURES = ['coffee.png', 'see-through.png', 'large.jpg', 'turned.jpg', 'tiny.webp', 'grey.png'];

  it.each([
    { source: 'efficientnet-lite0', strategy: 'linear-probe' },
    { source: 'small-cnn:28x32x1', strategy: 'from-scratch' },
  ])(
    'of $source gives the probabilities that it gives here',
    async ({ source, strategy }) => {
      const name = source.replace(/\W.*/, '');
      const photos = join(root, `photos-${name}`);
      await writeClasses(photos);
      await headstart.train({ target: photos, source, strategy, seed: 7, epochs: 3, out: join(root, name) });
      const model = await headstart.load<ImagePrediction>(join(root, name));
      const ours = await model.predict(PICTURES.map((picture) => join(asked, picture)));
      for (const [format, file] of Object.entries(FORMATS)) {
        const folder = join(root, `${name}-${format}`);
        const files = await model.export(format, folder);
        expect(files[0]).toBe(join(folder, file));
        const { found } = await browser.run<{ found: ImagePrediction[] }>(ask(PICTURES), { model: folder, asked });
        expect(found.map(({ label }) => label)).toEqual(ours.map(({ label }) => label));
        found.forEach((prediction, i) => {
          for (const { label, probability } of prediction.top)
            expect(
              Math.abs(probability - ours[i]!.top.find((one) => one.label === label)!.probability),
              `${PICTURES[i]} in ${format}: ${label}`,
            ).toBeLessThan(0.005);
        });
      }
      model.dispose();
    },
    180_000,
  );

  describe('of a detector', () => {
    let ours: DetectionPrediction[];
    beforeAll(async () => {
      const model = await headstart.pretrained<DetectionPrediction>('nanodet-coco');
      for (const format of Object.keys(FORMATS)) await model.export(format, join(root, `nanodet-${format}`));
      ours = await model.predict(PICTURES.map((picture) => join(asked, picture)));
      model.dispose();
    }, 120_000);

    it.each(Object.keys(FORMATS))(
      'in %s finds the boxes that it finds here: a cup, not a toilet',
      async (format) => {
        const folder = join(root, `nanodet-${format}`);
        const { found } = await browser.run<{ found: DetectionPrediction[] }>(ask(PICTURES), { model: folder, asked });
        expect(ours[0]!.objects.map(({ label }) => label)).toContain('cup');
        found.forEach((prediction, i) => {
          const { objects, width, height } = ours[i]!;
          expect([prediction.width, prediction.height], PICTURES[i]).toEqual([width, height]);
          expect(
            prediction.objects.map(({ label }) => label),
            PICTURES[i],
          ).toEqual(objects.map(({ label }) => label));
          prediction.objects.forEach(({ score, box }, k) => {
            expect(Math.abs(score - objects[k]!.score), PICTURES[i]).toBeLessThan(0.005);
            // A pixel of what the network sees, 416 of them to a side.
            const pixel = Math.max(1, Math.max(width, height) / 416);
            box.forEach((edge, axis) =>
              expect(Math.abs(edge - objects[k]!.box[axis]!), PICTURES[i]).toBeLessThan(pixel),
            );
          });
        });
      },
      120_000,
    );
  });
});
