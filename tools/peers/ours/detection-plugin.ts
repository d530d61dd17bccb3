import { createHash } from 'node:crypto';
import { definePlugin, type Encoder, type Plugin, type ReadSample, type Sample, type Task } from '@headstart/core';
import { nanoDetCoco, objectDetection } from '@headstart/detection';
import type { DetectionJob } from '../job.ts';
import { everyLayer, headRandom } from './every-layer.ts';
import type { Scenes } from './scenes.ts';

/** A scene at its place in an epoch. */
interface RowSample extends Sample {
  readonly row: number;
}

const task = objectDetection({ assignment: 'adaptive', overlap: 'giou' });

/** Detection's own task, whose head starts from drawn weights that the peers are given. */
export const SCENE_TASK: ReturnType<typeof objectDetection> = {
  ...task,
  id: 'peers',
  variant: undefined,
  defaults: { ...task.defaults, augmentation: 'none' },
  check: () => {},
  buildHead: (backbone, labels) => task.buildHead(backbone, labels, headRandom()),
};

/** Names of no object that COCO knows: no class starts from its weights. */
export const classNames = ({ classes }: Pick<DetectionJob, 'classes'>) =>
  Array.from({ length: classes }, (_, i) => `class ${i}`);

/** The stage of NanoDet that trains with the head. */
const TOWER = 'tower';

/**
 * The job's training as a plugin: scenes from memory with what their cells are to learn, detection's own source, head and
 * loss, and one phase. Where the head alone is trained, the trainer computes the maps below it first.
 *
 * @param used hears the row of each scene, in the order of the batches
 */
export function detectionPlugin(job: DetectionJob, scenes: Scenes, used: (row: number) => void): Plugin {
  const labels = classNames(job);
  return definePlugin({
    name: 'headstart-peers',
    version: '0.1.0',
    headstart: '^0.1',
    setup({ sources, datasets, tasks, strategies }) {
      sources.add(nanoDetCoco);
      datasets.add({
        id: 'peers',
        modality: 'image',
        description: 'Scenes in memory',
        licence: 'as their source has it',
        task: 'peers',
        load: async () => ({
          id: 'peers',
          modality: 'image',
          reader: 'peers',
          labels,
          samples: samplesOf(job),
          skipped: [],
        }),
      });
      tasks.add({
        ...(SCENE_TASK as unknown as Task<RowSample>),
        encoder: ({ backbone }) => inMemory(scenes, backbone.input.tensors, used),
      });
      strategies.add(everyLayer(job, job.trained === 'head' ? [TOWER] : undefined));
    },
  })();
}

/** One sample a place in a batch, the scenes in turn. */
function samplesOf({ warmup, steps, batch, pictures }: DetectionJob): ReadSample<RowSample>[] {
  return Array.from({ length: (warmup + steps) * batch }, (_, place) => {
    const row = place % pictures;
    return {
      split: 'train',
      sample: { id: `scene ${place}`, digest: createHash('sha256').update(`scene ${row}`).digest('hex'), row },
    };
  });
}

function inMemory({ specs, rows }: Scenes, inputs: Encoder['inputs'], used: (row: number) => void): Encoder<RowSample> {
  const only = (names: readonly string[], row: number) =>
    Object.fromEntries(names.map((name) => [name, rows[row]![name]!]));
  const input = Object.keys(inputs);
  const targets = Object.fromEntries(Object.entries(specs).filter(([name]) => !input.includes(name)));
  return {
    key: 'peers/1',
    inputs,
    targets,
    encode: async ({ row }) => only(input, row),
    target({ row }) {
      used(row);
      return only(Object.keys(targets), row);
    },
  };
}
