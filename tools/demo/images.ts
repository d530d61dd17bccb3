import { basename, relative } from 'node:path';
import { createArtifacts, silentProgress, type Headstart } from '@headstart/core';
import { splitTarget } from '@headstart/core/readers';
import { emojiDataset, type ImagePrediction, type ImageSample } from '@headstart/vision';
import { percent, say, verdict } from './say.ts';
import { tellResults, tellTransfer } from './transfers.ts';
import { pathOfPicture } from '../workspace/path-of-picture.ts';

const SEED = 0;
const SHARES = [70, 10, 20] as const;

/** A classifier of drawings from a network that knows photographs, beside one from scratch. */
export async function showImages(headstart: Headstart): Promise<void> {
  const request = { target: 'emoji-google', epochs: 30, seed: SEED, split: SHARES };
  const transfer = await tellTransfer(
    headstart,
    'EfficientNet-Lite0 from ImageNet, a new head on its features',
    'images',
    {
      ...request,
      source: 'efficientnet-lite0',
      strategy: 'linear-probe',
    },
  );
  const scratch = await tellTransfer(headstart, 'A small CNN from scratch, the same images and epochs', 'images', {
    ...request,
    source: 'small-cnn',
    strategy: 'from-scratch',
  });
  tellResults({ 'transfer (EfficientNet-Lite0)': transfer, 'from scratch (small CNN)': scratch });
  say(`The model: ${relative('.', transfer.model)}`);
  say('Three pictures that it has not seen:');
  say();
  await predictThree(headstart, transfer.model);
  say();
  say('Your own pictures, one folder per class:  npm run headstart -- train ./photos');
}

async function predictThree(headstart: Headstart, directory: string): Promise<void> {
  const data = await emojiDataset('google').load(
    { artifacts: createArtifacts() },
    { skipBad: false, progress: silentProgress, options: {} },
  );
  const { test } = splitTarget(data, { shares: SHARES, seed: SEED }).splits;
  const chosen = [0, 1, 2].map((third) => test.get(Math.floor(((third + 0.5) * test.length) / 3)) as ImageSample);
  const model = await headstart.load<ImagePrediction>(directory);
  const paths = chosen.map(({ image }) => pathOfPicture(image));
  const predictions = await model.predict(paths);
  predictions.forEach(({ label, probability }, i) => {
    const { label: truth } = chosen[i]!;
    say(
      `  ${basename(paths[i]!).padEnd(28)} ${label}, ${percent(probability)} (${verdict(label, data.labels[truth!]!)})`,
    );
  });
  model.dispose();
}
