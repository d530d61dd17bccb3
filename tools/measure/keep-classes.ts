/**
 * New classes without forgetting. A detector of five classes of `emoji-scenes`, trained on one half of the pictures, is
 * extended by the other five on the other half, whose old objects are there and not annotated: with `--keep-classes`,
 * and the same without its distillation; tested on pictures that have both. Then NanoDet is extended by the five in
 * the same two ways, and asked for COCO's person and cup in photographs that lie behind the pictures it was trained on.
 *
 *   npm run measure -- keep-classes [scenes|coco] [seed …]
 */
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  definePlugin,
  silentProgress,
  type Headstart,
  type SourceRuntime,
  type Task,
  type TransferRequest,
  lossTerm,
} from '@headstart/core';
import detection, {
  emojiScenes,
  iou,
  objectDetection,
  SCENE_CLASSES,
  type DetectionPrediction,
  type DetectionSample,
  type FoundObject,
} from '@headstart/detection';
import vision from '@headstart/vision';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { photographs } from '../workspace/photographs.ts';

const [OLD, NEW] = [Object.keys(SCENE_CLASSES).slice(0, 5), Object.keys(SCENE_CLASSES).slice(5)];
const FIRST: Partial<TransferRequest> = {
  source: 'nanodet-coco',
  strategy: 'tune-head',
  epochs: 20,
  augmentation: 'standard',
  views: 2,
};
const EXTEND: Partial<TransferRequest> = {
  strategy: 'tune-head',
  epochs: 20,
  augmentation: 'standard',
  views: 2,
  keepClasses: true,
};

/** The same with the source's opinion left out: what is not annotated is background. */
const base = objectDetection();
const forgetful: typeof base = {
  ...base,
  id: 'forgetful',
  variant: undefined,
  keepClasses: (_kept, options) =>
    lossTerm({
      name: 'kept classes, not distilled',
      needs: { outputs: true },
      replacesTaskLoss: true,
      value: ({ labelled: { outputs, targets } }) => base.loss(outputs, targets, options),
    }),
};
const ablation = definePlugin({
  name: 'ablation',
  version: '0.0.0',
  headstart: '*',
  setup: ({ tasks }) => tasks.add(forgetful as Task),
});
const WAYS = { 'with distillation': 'object-detection', without: 'forgetful' } as const;

interface Annotations {
  readonly images: readonly { readonly id: number }[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly annotations: readonly { readonly image_id: number; readonly category_id: number }[];
}

/** Writes a COCO folder of some classes; of the pictures to train and validate on the first or the second half, or all. */
async function writePart(scenes: string, to: string, classes: readonly string[], half?: 0 | 1): Promise<string> {
  await mkdir(join(to, 'annotations'), { recursive: true });
  await symlink(join(scenes, 'images'), join(to, 'images'));
  for (const split of ['train', 'validation', 'test']) {
    const { images, categories, annotations, ...rest } = JSON.parse(
      await readFile(join(scenes, 'annotations', `${split}.json`), 'utf8'),
    ) as Annotations;
    const kept = images.filter((_, i) => split === 'test' || half === undefined || i % 2 === half);
    const [ids, wanted] = [new Set(kept.map(({ id }) => id)), categories.filter(({ name }) => classes.includes(name))];
    const own = annotations.filter(
      (each) => ids.has(each.image_id) && wanted.some(({ id }) => id === each.category_id),
    );
    await writeFile(
      join(to, 'annotations', `${split}.json`),
      JSON.stringify({ ...rest, images: kept, categories: wanted, annotations: own }),
    );
  }
  return to;
}

async function evaluated(
  headstart: Headstart,
  directory: string,
  target: string,
): Promise<Readonly<Record<string, number>>> {
  const model = await headstart.load(directory);
  const { metrics } = await model.evaluate(target, { split: 'test' });
  model.dispose();
  return metrics.values;
}

const points = (value: number | undefined) => (100 * (value ?? NaN)).toFixed(1).padStart(5);

async function extendScenes(headstart: Headstart, folder: string, scenes: string, seed: number): Promise<void> {
  const part = (name: string, classes: readonly string[], half?: 0 | 1) =>
    writePart(scenes, join(folder, `${name}-${seed}`), classes, half);
  const [first, second, onlyOld, both] = [
    await part('first', OLD, 0),
    await part('second', NEW, 1),
    await part('old', OLD),
    await part('both', [...OLD, ...NEW]),
  ];
  const trained = await headstart.train({ ...FIRST, target: first, seed, out: join(folder, `trained-${seed}`) });
  const before = await evaluated(headstart, trained.model, onlyOld);
  console.log(
    `seed ${seed}  ${OLD.join(', ')}: AP ${points(before.AP)}, AP50 ${points(before.AP50)}  (training ${trained.seconds.training.toFixed(0)} s)`,
  );
  for (const [name, task] of Object.entries(WAYS)) {
    const extended = await headstart.train({
      ...EXTEND,
      task,
      source: `model:${trained.model}`,
      target: second,
      seed,
      out: join(folder, `${task}-${seed}`),
    });
    const after = await evaluated(headstart, extended.model, both);
    const change = 100 * (after.APold! - before.AP!);
    console.log(
      `        extended ${name.padEnd(18)} APold ${points(after.APold)} (${change >= 0 ? '+' : ''}${change.toFixed(1)}), APnew ${points(after.APnew)}, AP ${points(after.AP)}  (training ${extended.seconds.training.toFixed(0)} s)`,
    );
  }
}

/** Asks for COCO's own objects in photographs: what is found of each, the surest. */
type Asked = readonly { readonly label: string; readonly object: FoundObject | undefined }[];

async function ask(find: (path: string) => Promise<DetectionPrediction>, paths: readonly string[]): Promise<Asked> {
  const asked = await Promise.all(['person', 'cup'].map(async (label, i) => ({ label, found: await find(paths[i]!) })));
  return asked.map(({ label, found }) => ({ label, object: found.objects.find((object) => object.label === label) }));
}

function described(asked: Asked, before?: Asked): string {
  const each = asked.map(({ label, object }, i) => {
    if (!object) return `${label} not found`;
    const first = before?.[i]?.object;
    return `${label} ${object.score.toFixed(2)} at ${object.box.map(Math.round).join(',')}${first ? ` (overlap ${iou(object.box, first.box).toFixed(3)})` : ''}`;
  });
  return each.join('; ');
}

async function extendCoco(
  headstart: Headstart,
  folder: string,
  scenes: string,
  seed: number,
  runtime: SourceRuntime,
): Promise<void> {
  const second = await writePart(scenes, join(folder, `coco-${seed}`), NEW, 1);
  const paths = await photographs(runtime.artifacts);
  const published = await headstart.pretrained('nanodet-coco');
  const before = await ask(async (path) => (await published.predict([path]))[0] as DetectionPrediction, paths);
  published.dispose();
  console.log(`NanoDet  ${described(before)}`);
  for (const [name, task] of Object.entries(WAYS)) {
    const extended = await headstart.train({
      ...EXTEND,
      task,
      source: 'nanodet-coco',
      target: second,
      seed,
      out: join(folder, `coco-${task}-${seed}`),
    });
    const model = await headstart.load(extended.model);
    const after = await ask(async (path) => (await model.predict([path]))[0] as DetectionPrediction, paths);
    console.log(
      `seed ${seed}   extended ${name.padEnd(18)} APnew ${points(extended.metrics.test!.APnew)}  (${model.labels.length} classes, training ${extended.seconds.training.toFixed(0)} s)`,
    );
    console.log(`         ${described(after, before)}`);
    model.dispose();
  }
}

const named = process.argv.slice(2);
const seeds = named.filter((name) => /^\d+$/.test(name)).map(Number);
const wanted = (part: string) => named.includes(part) || !named.some((name) => ['scenes', 'coco'].includes(name));

const folder = await mkdtemp(join(tmpdir(), 'headstart-kept-'));
const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const headstart = await createHeadstart({ backend: await openBackend(), plugins: [vision(), detection(), ablation()] });
try {
  const { samples } = await emojiScenes('google').load(runtime, {
    skipBad: false,
    options: {},
    progress: silentProgress,
  });
  const { image } = samples[0]!.sample as DetectionSample;
  if (image.kind !== 'file') throw new TypeError('The scenes are not files.');
  const scenes = dirname(dirname(dirname(image.path)));
  for (const seed of seeds.length > 0 ? seeds : [0]) {
    if (wanted('scenes')) await extendScenes(headstart, folder, scenes, seed);
    if (wanted('coco')) await extendCoco(headstart, folder, scenes, seed, runtime);
  }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
