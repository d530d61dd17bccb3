import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError, type Artifacts, type Progress, type SplitName } from '@headstart/core';
import { ensureFolder, makeFolder } from '@headstart/artifacts/storage';
import { mapBounded } from '@headstart/core/images';
import sharp from 'sharp';
import { composeScene } from './compose-scene.ts';
import { emojiPictures, SCENE_CLASSES, vendorLicence, vendorTitle, type SceneVendor } from './emoji-pictures.ts';
import { photographs } from './scene-photographs.ts';
import { SCENE_COUNTS, SCENE_SIDE, sceneLayout } from './scene-layout.ts';

export interface SceneOptions {
  readonly vendor: SceneVendor;
  readonly seed?: number;
  /** Scenes per split; 200, 40 and 100 by default. */
  readonly counts?: Readonly<Record<SplitName, number>>;
  readonly artifacts: Artifacts;
  readonly progress: Progress;
}

const PARALLEL = 2;

/**
 * Writes a set of emoji scenes as a COCO folder: `images/<split>/0001.jpg` and `annotations/<split>.json`.
 * The folder appears complete or not at all.
 *
 * @throws HeadstartError `invalid-option` where something is there already; `artifact-*`, `storage-*`
 */
export async function writeEmojiScenes(folder: string, options: SceneOptions): Promise<void> {
  if (
    await stat(folder).then(
      () => true,
      () => false,
    )
  ) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${folder} exists already.`,
      hint: 'Name a folder that does not exist yet.',
    });
  }
  await makeFolder(folder, (work) => writeScenes(work, options));
}

/** Fills a folder with the scenes of all splits. */
export async function writeScenes(
  folder: string,
  { vendor, seed = 0, counts = SCENE_COUNTS, artifacts, progress }: SceneOptions,
): Promise<void> {
  const emoji = await emojiPictures(artifacts, vendor);
  const paths = await photographs(artifacts);
  const splits = Object.entries(counts) as [SplitName, number][];
  const total = splits.reduce((sum, [, count]) => sum + count, 0);
  const bar = progress.start({ label: `composing scenes (${vendor})`, total, unit: 'images' });
  let done = 0;
  try {
    await mkdir(join(folder, 'annotations'));
    for (const [split, count] of splits) {
      const images = join(folder, 'images', split);
      await ensureFolder(images);
      const scenes = await mapBounded(
        Array.from({ length: count }, (_, i) => i + 1),
        PARALLEL,
        async (number) => {
          const layout = sceneLayout(seed, split, number);
          const { pixels, objects } = await composeScene(layout, paths.get(layout.photograph)!, emoji);
          const jpeg = await sharp(pixels, { raw: { width: SCENE_SIDE, height: SCENE_SIDE, channels: 3 } })
            .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
            .toBuffer();
          await writeFile(join(images, fileName(number)), jpeg);
          bar.update(++done);
          return { number, photograph: layout.photograph, objects };
        },
      );
      await writeFile(join(folder, 'annotations', `${split}.json`), JSON.stringify(cocoOf(scenes, vendor, seed)));
    }
  } finally {
    bar.end();
  }
}

const fileName = (number: number) => `${String(number).padStart(4, '0')}.jpg`;

interface ComposedScene {
  readonly number: number;
  readonly photograph: string;
  readonly objects: Awaited<ReturnType<typeof composeScene>>['objects'];
}

function cocoOf(scenes: readonly ComposedScene[], vendor: SceneVendor, seed: number): object {
  const annotations = scenes.flatMap(({ number, objects }) =>
    objects.map(({ label, box, area }) => ({ image_id: number, category_id: label + 1, bbox: box, area, iscrowd: 0 })),
  );
  return {
    info: {
      description: `Emoji as ${vendorTitle(vendor)} draws them on photographs, seed ${seed}`,
      licence: vendorLicence(vendor),
    },
    images: scenes.map(({ number, photograph }) => ({
      id: number,
      file_name: fileName(number),
      width: SCENE_SIDE,
      height: SCENE_SIDE,
      photograph,
    })),
    categories: Object.keys(SCENE_CLASSES).map((name, label) => ({ id: label + 1, name })),
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
  };
}
