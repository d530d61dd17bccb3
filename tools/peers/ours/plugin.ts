import { createHash } from 'node:crypto';
import { definePlugin, type Encoder, type Plugin, type ReadSample, type Sample, type Task } from '@headstart/core';
import type { Head } from '@headstart/core/network';
import { imageClassification } from '@headstart/vision';
import type { PictureJob } from '../job.ts';
import { everyLayer, headRandom } from './every-layer.ts';
import { sourceOf } from './networks.ts';
import type { Pictures } from './pictures.ts';

/** A picture that lies in memory already. */
interface RowSample extends Sample {
  readonly row: number;
}

const classification = imageClassification();

/**
 * The job's work as a plugin: pictures from memory, vision's own task and head on them, and one phase that
 * trains every layer. So what is measured is the trainer that `headstart train` runs, without reading files.
 *
 * @param encoded hears the row of each training picture, in the order of the batches
 */
export function peersPlugin(job: PictureJob, pictures: Pictures, encoded: (row: number) => void = () => {}): Plugin {
  return definePlugin({
    name: 'headstart-peers',
    version: '0.1.0',
    headstart: '^0.1',
    setup({ sources, datasets, tasks, strategies }) {
      sources.add(sourceOf(job.network));
      datasets.add({
        id: 'peers',
        modality: 'image',
        description: 'Pictures in memory',
        licence: 'as their source has it',
        task: 'peers',
        load: async () => ({
          id: 'peers',
          modality: 'image',
          reader: 'peers',
          labels: labelsOf(job),
          samples: samplesOf(job, pictures),
          skipped: [],
        }),
      });
      tasks.add(taskOf(job, pictures, encoded));
      strategies.add(everyLayer(job));
    },
  })();
}

const labelsOf = ({ classes }: PictureJob) => Array.from({ length: classes }, (_, i) => `class ${i}`);

/** For `train` one sample a place in a batch, the first pictures in turn; for `probe` the pictures in two splits. */
function samplesOf(
  { kind, warmup, steps, batch, pictures: distinct, trainCount }: PictureJob,
  pictures: Pictures,
): ReadSample<RowSample>[] {
  const training = kind === 'train';
  return Array.from({ length: training ? (warmup + steps) * batch : pictures.files.count }, (_, i) => {
    const row = training ? i % distinct : i;
    const digest = createHash('sha256').update(`${kind} ${i}`).digest('hex');
    return {
      split: training || i < trainCount ? 'train' : 'validation',
      sample: { id: `picture ${i}`, digest, label: pictures.label(row), row },
    };
  });
}

function taskOf(job: PictureJob, pictures: Pictures, encoded: (row: number) => void): Task<RowSample> {
  return {
    ...(classification as unknown as Task<RowSample>),
    id: 'peers',
    check: () => {},
    variant: undefined,
    buildHead: (backbone, labels): Head => classification.buildHead(backbone, labels, headRandom()),
    encoder: ({ backbone, labels }) => encoderOf(job, pictures, encoded, backbone.input.tensors, labels.length),
  };
}

function encoderOf(
  job: PictureJob,
  pictures: Pictures,
  encoded: (row: number) => void,
  inputs: Encoder['inputs'],
  classes: number,
): Encoder<RowSample> {
  // `train` finds its few pictures ready; `probe` turns bytes into floats as they are asked for.
  const ready = job.kind === 'train' ? Array.from({ length: job.pictures }, (_, row) => pictures.normalised(row)) : [];
  return {
    key: 'peers/1',
    inputs,
    targets: { label: { shape: [classes], dtype: 'float32' } },
    async encode({ row }) {
      encoded(row);
      return { image: ready[row] ?? pictures.normalised(row) };
    },
    target: ({ label }) => ({ label: Float32Array.from({ length: classes }, (_, i) => (i === label ? 1 : 0)) }),
  };
}
