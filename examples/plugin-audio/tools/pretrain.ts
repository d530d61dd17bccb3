// `npm run pretrain`: speaks the words, trains the network on them from scratch, and writes the weights that this package ships.
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import { readSafetensors, writeSafetensors, type WritableTensor } from '@headstart/core/formats';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import audio from '../src/index.ts';
import { writeCorpus } from './corpus.ts';
import { espeak } from './espeak.ts';
import { PRETRAINING_WORDS } from './words.ts';

const TIMES = 64;
const corpus = 'runs/words';
const weights = 'weights/ds-cnn-words.safetensors';

if (!existsSync(corpus)) {
  const say = await espeak();
  await writeCorpus(corpus, PRETRAINING_WORDS, TIMES, (word, _time, random) => say(word, random));
}
const headstart = await createHeadstart({ backend: await openBackend(), plugins: [audio()] });
const { metrics, seconds, model } = await headstart.train({
  target: corpus,
  strategy: 'from-scratch',
  augmentation: 'specaugment',
  learningRate: 0.003,
  epochs: 8,
  batchSize: 32,
  split: [85, 5, 10],
  seed: 1,
  out: 'runs/pretraining',
});
await headstart.close();

/** The trained network's values under the network's own names; those of the head stay behind. */
async function backboneTensors(): Promise<[string, WritableTensor][]> {
  const own: [string, WritableTensor][] = [];
  for (const [name, { dtype, shape, read }] of (await readSafetensors(join(model, 'weights.safetensors'))).tensors) {
    const [stage, ...rest] = name.split('/');
    if (stage !== 'head' && dtype === 'F32')
      own.push([rest.join('/'), { dtype, shape, data: (await read()) as Float32Array }]);
  }
  return own;
}

await writeSafetensors(weights, await backboneTensors());
const digest = createHash('sha256')
  .update(await readFile(weights))
  .digest('hex');
console.log(JSON.stringify({ words: PRETRAINING_WORDS.length, metrics, seconds, weights, digest }, undefined, 2));
