// `npm run transfer`: ten new keywords from eight recordings each, in voices of Flite, tested on a voice that was not trained on:
// the weights that this package ships beside the same network from scratch.
import { openBackend } from '@headstart/backend';
import { createHeadstart, type TransferRequest } from '@headstart/core';
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import audio from '../src/index.ts';
import { writeCorpus } from './corpus.ts';
import { FLITE_VOICES, flite } from './flite.ts';
import { NEW_KEYWORDS } from './words.ts';

const TIMES = 16;
const SHOTS = 8;
const SEEDS = [1, 2];
const VARIANTS: readonly [name: string, request: Omit<TransferRequest, 'target'>][] = [
  ['linear probe', { strategy: 'linear-probe' }],
  ['probe, then all stages', { strategy: 'lp-ft' }],
  ['from scratch, altered', { strategy: 'from-scratch', epochs: 40, batchSize: 16, augmentation: 'specaugment' }],
  ['from scratch', { strategy: 'from-scratch', epochs: 100, batchSize: 16 }],
];

async function speak(folder: string): Promise<void> {
  const say = await flite();
  for (const voice of FLITE_VOICES) {
    await writeCorpus(join(folder, voice), NEW_KEYWORDS, TIMES, (word, _time, random) =>
      say(word, voice, random.child(voice)),
    );
  }
}

/** All voices but one to train on, and that one to test on. */
async function fold(voices: string, unseen: string, folder: string): Promise<void> {
  for (const word of NEW_KEYWORDS) {
    for (const voice of FLITE_VOICES) {
      const split = join(folder, voice === unseen ? 'test' : 'train', word);
      await mkdir(split, { recursive: true });
      await cp(join(voices, voice, word), join(split, voice), { recursive: true });
    }
  }
}

if (!existsSync('runs/commands')) await speak('runs/commands');
const headstart = await createHeadstart({ backend: await openBackend(), plugins: [audio()] });
for (const [name, request] of VARIANTS) {
  const accuracies: number[] = [];
  for (const unseen of FLITE_VOICES) {
    const target = join('runs/folds', unseen);
    if (!existsSync(target)) await fold('runs/commands', unseen, target);
    for (const seed of SEEDS) {
      const { metrics } = await headstart.train({
        target,
        shots: SHOTS,
        seed,
        out: `runs/transfer/${name}/${unseen}-${seed}`,
        ...request,
      });
      accuracies.push(metrics['test']!['accuracy']!);
    }
  }
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const list = accuracies.map((value) => value.toFixed(3)).join(' ');
  console.log(
    `${name}: mean ${mean.toFixed(3)} (${list}: ${FLITE_VOICES.join(', ')} unseen, seeds ${SEEDS.join(', ')} of each)`,
  );
}
await headstart.close();
