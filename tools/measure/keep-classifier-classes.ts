/**
 * New classes of a classifier without forgetting, and without a sample of the old ones: a probe is trained on some classes
 * of a data set and extended by the others with `--keep-classes`; beside it the same without distillation and rehearsal
 * (plain cross-entropy over all classes), and a probe of all classes on all samples, which is the most that can be hoped for.
 *
 *   npm run measure -- keep-classifier-classes [texts|pictures] [seed …]
 */
import { openBackend } from '@headstart/backend';
import {
  createHeadstart,
  definePlugin,
  lossTerm,
  type Headstart,
  type RegisteredDataset,
  type Task,
} from '@headstart/core';
import nlp, { textClassification } from '@headstart/nlp';
import vision, { imageClassification } from '@headstart/vision';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SETS = { texts: { id: 'news-bbc', old: 3 }, pictures: { id: 'emoji-google', old: 5 } } as const;

/** Plain learning of the new classes, under the task's own id with `-forgetful` behind it. */
function forgetful(task: Task<never, never>): Task {
  return {
    ...(task as unknown as Task),
    id: `${task.id}-forgetful`,
    variant: undefined,
    keepClasses: (_retained, options) =>
      lossTerm({
        name: 'kept classes, not distilled',
        needs: { outputs: true },
        replacesTaskLoss: true,
        value: ({ labelled: { outputs, targets } }) => task.loss(outputs, targets, options),
      }),
  };
}

/** Some classes of a registered set; half of each class's samples are tested on. */
function part(whole: RegisteredDataset, name: string, keep: (label: number) => boolean): RegisteredDataset {
  return {
    ...whole,
    id: `${whole.id}-${name}`,
    async load(...args) {
      const data = await whole.load(...args);
      const labels = data.labels.filter((_, label) => keep(label));
      const samples = data.samples
        .filter(({ sample: { label } }) => label !== undefined && keep(label))
        .map(({ sample }, i) => ({
          sample: { ...sample, label: labels.indexOf(data.labels[sample.label!]!) },
          split: i % 2 === 0 ? ('train' as const) : ('test' as const),
        }));
      return { ...data, id: `${whole.id}-${name}`, labels, samples };
    },
  };
}

async function accuracyOf(headstart: Headstart, model: string, target: string): Promise<number> {
  const loaded = await headstart.load(model);
  const { metrics } = await loaded.evaluate(target, { split: 'test' });
  loaded.dispose();
  return metrics.values['accuracy']!;
}

const named = process.argv.slice(2);
const seeds = named.filter((name) => /^\d+$/.test(name)).map(Number);
const kinds = (Object.keys(SETS) as (keyof typeof SETS)[]).filter(
  (kind) => named.every((name) => /^\d+$/.test(name)) || named.includes(kind),
);

const backend = await openBackend();
const folder = await mkdtemp(join(tmpdir(), 'headstart-kept-'));
const registered = await createHeadstart({ backend, plugins: [vision(), nlp()] });
const parts = definePlugin({
  name: 'parts',
  version: '0.0.0',
  headstart: '*',
  setup({ tasks, datasets }) {
    tasks.add(forgetful(textClassification as never));
    tasks.add(forgetful(imageClassification() as never));
    for (const { id, old } of Object.values(SETS)) {
      const whole = registered.datasets().find(({ value }) => value.id === id)!.value;
      datasets.add(part(whole, 'old', (label) => label < old));
      datasets.add(part(whole, 'new', (label) => label >= old));
      datasets.add(part(whole, 'all', () => true));
    }
  },
});
const headstart = await createHeadstart({ backend, plugins: [vision(), nlp(), parts()] });
let runs = 0;
const train = async (target: string, seed: number, more: object = {}) =>
  (await headstart.train({ target, strategy: 'linear-probe', seed, out: join(folder, `run-${runs++}`), ...more }))
    .model;
const points = (value: number) => (100 * value).toFixed(1).padStart(5);
try {
  for (const kind of kinds)
    for (const seed of seeds.length > 0 ? seeds : [0, 1, 2]) {
      const { id } = SETS[kind];
      const old = await train(`${id}-old`, seed);
      const models = {
        'old classes alone': old,
        'kept (--keep-classes)': await train(`${id}-new`, seed, { source: `model:${old}`, keepClasses: true }),
        'not distilled': await train(`${id}-new`, seed, {
          source: `model:${old}`,
          keepClasses: true,
          task: `${kind === 'texts' ? 'text' : 'image'}-classification-forgetful`,
        }),
        'all classes at once': await train(`${id}-all`, seed),
      };
      for (const [name, model] of Object.entries(models)) {
        const of = (which: string) => accuracyOf(headstart, model, `${id}-${which}`);
        const alone = name === 'old classes alone';
        const values = alone ? [await of('old')] : [await of('old'), await of('new'), await of('all')];
        console.log(
          `${id}  seed ${seed}  ${name.padEnd(22)} old ${points(values[0]!)}${alone ? '' : `  new ${points(values[1]!)}  all ${points(values[2]!)}`}`,
        );
      }
    }
} finally {
  await headstart.close();
  await rm(folder, { recursive: true });
}
