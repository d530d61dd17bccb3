import { relative } from 'node:path';
import type { Headstart } from '@headstart/core';
import type { TextPrediction } from '@headstart/nlp';
import { percent, say, verdict } from './say.ts';
import { tellResults, tellTransfer } from './transfers.ts';

const SHOTS = 8;

/** Sentences of no data set, and what is meant by them. */
const WRITTEN = [
  ['It does what it promises, and the battery lasts all week.', 'positive'],
  ['It broke after two days, and nobody answers my mails.', 'negative'],
  ['I wanted to like it, but the sound is thin.', 'negative'],
] as const;

/** A classifier of opinions from eight sentences per class, by a network that has read many, beside one from scratch. */
export async function showTexts(headstart: Headstart): Promise<void> {
  // Few to learn from, and most of the sentences to test on: 800, of which accuracy is known to 1.5 points.
  const request = {
    target: 'sentiment-amazon',
    source: 'minilm-l6',
    seed: 0,
    split: [20, 0, 80],
    shots: SHOTS,
  } as const;
  const transfer = await tellTransfer(
    headstart,
    `MiniLM-L6 from a billion pairs of sentences, drawn to ${SHOTS} sentences per class, then a head`,
    'sentences',
    {
      ...request,
      strategy: 'contrastive',
    },
  );
  const scratch = await tellTransfer(
    headstart,
    'The same network from random weights, the same sentences',
    'sentences',
    {
      ...request,
      strategy: 'from-scratch',
    },
  );
  tellResults({ 'transfer (MiniLM-L6)': transfer, 'from scratch (the same network)': scratch });
  say(`The model: ${relative('.', transfer.model)}`);
  say('Three sentences that are in no data set:');
  say();
  await predictThree(headstart, transfer.model);
  say();
  say('Your own texts, a table with a text and its label per row:  npm run headstart -- train reviews.csv');
}

async function predictThree(headstart: Headstart, directory: string): Promise<void> {
  const model = await headstart.load(directory);
  const predictions = (await model.predict(WRITTEN.map(([text]) => text))) as TextPrediction[];
  predictions.forEach(({ label, probability }, i) => {
    const [text, meant] = WRITTEN[i]!;
    say(`  ${text.padEnd(60)} ${label}, ${percent(probability)} (${verdict(label, meant)})`);
  });
  model.dispose();
}
