import { createHash } from 'node:crypto';
import { definePlugin, type Encoder, type Plugin, type ReadSample, type Task } from '@headstart/core';
import { textClassification, type TextSample } from '@headstart/nlp';
import type { TextJob, Texts } from '../job.ts';
import { everyLayer, headRandom } from './every-layer.ts';

/** A passage at its place in an epoch. */
interface RowSample extends TextSample {
  readonly row: number;
}

/**
 * The job's fine-tuning as a plugin: passages from memory, nlp's own task and head on them, and one phase that trains
 * every layer.
 *
 * @param encoded hears the row of each passage, in the order of the batches
 */
export function textPlugin(job: TextJob, { passages }: Texts, encoded: (row: number) => void): Plugin {
  const labels = Array.from({ length: job.classes }, (_, i) => `class ${i}`);
  const samples = Array.from({ length: (job.warmup + job.steps) * job.batch }, (_, i) => sampleAt(passages, i));
  return definePlugin({
    name: 'headstart-peers',
    version: '0.1.0',
    headstart: '^0.1',
    setup({ datasets, tasks, strategies }) {
      datasets.add({
        id: 'peers',
        modality: 'text',
        description: 'Passages in memory',
        licence: 'as their source has it',
        task: 'peers',
        load: async () => ({ id: 'peers', modality: 'text', reader: 'peers', labels, samples, skipped: [] }),
      });
      tasks.add(taskOf(passages, encoded));
      strategies.add(everyLayer(job));
    },
  })();
}

/** One sample a place in a batch, the passages in turn. */
function sampleAt(passages: Texts['passages'], place: number): ReadSample<RowSample> {
  const row = place % passages.length;
  const digest = createHash('sha256').update(`tune ${place}`).digest('hex');
  return { split: 'train', sample: { id: `passage ${place}`, digest, row, ...passages[row]! } };
}

function taskOf(passages: Texts['passages'], encoded: (row: number) => void): Task<RowSample> {
  return {
    ...(textClassification as unknown as Task<RowSample>),
    id: 'peers',
    variant: undefined,
    check: () => {},
    buildHead: (backbone, labels) => textClassification.buildHead(backbone, labels, headRandom()),
    encoder: (context) => inMemory(textClassification.encoder(context), passages, encoded),
  };
}

/** Passages are tokenised once, before the first step, as the peers' are. */
function inMemory(
  encoder: Encoder<TextSample>,
  passages: Texts['passages'],
  encoded: (row: number) => void,
): Encoder<RowSample> {
  const ready = passages.map((passage, row) =>
    encoder.encode({ id: `passage ${row}`, digest: '', ...passage }, { kind: 'plain' }),
  );
  return {
    key: 'peers/1',
    inputs: encoder.inputs,
    targets: encoder.targets,
    fit: encoder.fit && ((inputs, rows) => encoder.fit!(inputs, rows)),
    async encode({ row }) {
      encoded(row);
      return ready[row]!;
    },
    target: (sample, view) => encoder.target(sample, view),
  };
}
