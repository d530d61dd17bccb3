import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, RandomStream, silentProgress, type Artifacts, type Progress } from '@headstart/core';
import { emojiScenes, type DetectionSample } from '@headstart/detection';
import sharp from 'sharp';
import { pathOfPicture } from '../workspace/path-of-picture.ts';
import { photographs } from '../workspace/photographs.ts';
import { emoji } from './prepare.ts';
import { labelledSentences } from './prepare-texts.ts';

/** Photographs as telephones and the web have them at least. */
const [WIDTH, HEIGHT] = [640, 480];
/** Of ten samples in a row so many are trained on, then validated on; the rest is tested on. */
const [TRAINED, VALIDATED] = [7, 8];
const SPLITS = ['train', 'validation', 'test'] as const;

const splitOf = (i: number) => SPLITS[i % 10 < TRAINED ? 0 : i % 10 < VALIDATED ? 1 : 2];

/** Photographs of emoji before two scenes, as JPEG files in folders for splits, and in these for classes. */
export async function writePhotographs(folder: string, count: number, progress: Progress): Promise<void> {
  const artifacts = artifactsWith(progress);
  const [samples, scenes] = [await emoji(artifacts), await photographs(artifacts)];
  const random = new RandomStream('peers').child('photographs');
  const bar = progress.start({ label: 'drawing photographs', total: count, unit: 'samples' });
  for (let i = 0; i < count; i++) {
    const { image, label } = samples[i % samples.length]!;
    const side = 160 + random.int(240);
    const drawn = await sharp(await readFile(pathOfPicture(image)))
      .resize(side, side)
      .toBuffer();
    const zoom = 1.5 + random.next();
    const [wide, high] = [Math.round(WIDTH * zoom), Math.round(HEIGHT * zoom)];
    const background = sharp(await readFile(scenes[i % scenes.length]!))
      .resize(wide, high, { fit: 'cover' })
      .extract({ left: random.int(wide - WIDTH), top: random.int(high - HEIGHT), width: WIDTH, height: HEIGHT });
    const target = join(folder, splitOf(i), `class-${label}`);
    await mkdir(target, { recursive: true });
    await sharp(await background.toBuffer())
      .composite([{ input: drawn, left: random.int(WIDTH - side), top: random.int(HEIGHT - side) }])
      .jpeg({ quality: 85 })
      .toFile(join(target, `${i}.jpg`));
    bar.update(i + 1);
  }
  bar.end();
}

/** A table of sentences with their labels and splits; more than there are become two sentences of one label each. */
export async function writeSentences(path: string, count: number, progress: Progress): Promise<void> {
  const samples = await labelledSentences(artifactsWith(progress));
  const random = new RandomStream('peers').child('sentences');
  const order = Array.from(random.permutation(samples.length), (i) => samples[i]!);
  const rows = Array.from({ length: count }, (_, i) => {
    const { text, label } = order[i % order.length]!;
    const again = Math.floor(i / order.length);
    const other =
      again === 0 ? undefined : order.find((each, at) => at >= (i * 7 + again) % order.length && each.label === label);
    const whole = other ? `${text} ${other.text}` : text;
    return [`"${whole.replaceAll('"', '""')}"`, label === 1 ? 'positive' : 'negative', splitOf(i)].join(',');
  });
  await writeFile(path, `${['text,label,split', ...rows].join('\n')}\n`);
}

/** The pictures' paths of emoji scenes by split, as JSON; they are 416 x 416 pixels. */
export async function writeSceneList(path: string, progress: Progress): Promise<void> {
  const { samples } = await emojiScenes('google').load(
    { artifacts: artifactsWith(progress) },
    { skipBad: false, progress: silentProgress, options: {} },
  );
  const of = (wanted: (typeof SPLITS)[number]) =>
    samples
      .filter(({ split }) => split === wanted)
      .map(({ sample }) => pathOfPicture((sample as DetectionSample).image));
  await writeFile(path, JSON.stringify(Object.fromEntries(SPLITS.map((split) => [split, of(split)]))));
}

function artifactsWith(progress: Progress): Artifacts {
  return createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
}
