import { basename, join, relative } from 'node:path';
import { cacheRoot, createArtifacts, splitTarget, type Headstart, type Progress, type TransferResult } from '@headstart/core';
import { emojiDataset, type ImagePrediction, type ImageSample } from '@headstart/vision';
import { compose } from './workspace/compose.ts';
import { terminalProgress } from './workspace/terminal-progress.ts';

const SEED = 0;
const EPOCHS = 30;
const SHARES = [70, 10, 20] as const;
const say = (line = ''): void => void process.stdout.write(`${line}\n`);

const progress = terminalProgress();
say('Headstart: what a network learned from photographs, carried over to drawings');
say();
const headstart = await compose(progress);
say(`Computing with ${headstart.backend.reason}.`);
say();

const transfer = await run('EfficientNet-Lite0 from ImageNet, a new head on its features', 'efficientnet-lite0', 'linear-probe');
const scratch = await run('A small CNN from scratch, the same images and epochs', 'small-cnn', 'from-scratch');

say('                                        test accuracy    macro-F1    seconds');
row('transfer (EfficientNet-Lite0)', transfer);
row('from scratch (small CNN)', scratch);
say();
say(`The model: ${relative('.', transfer.model)}`);
say('Three pictures that it has not seen:');
say();
await predictThree(headstart, transfer.model);
say();
say('Your own pictures, one folder a class:  npm run headstart -- train ./photos');
await headstart.close();

async function run(title: string, source: string, strategy: string): Promise<TransferResult> {
  say(title);
  let told = false;
  const result = await headstart.train(
    { target: 'emoji-google', source, strategy, epochs: EPOCHS, seed: SEED, split: SHARES },
    {
      events: {
        runStart: ({ samples, labels }) => say(`  ${samples.train} images to train, ${samples.test} to test, ${labels.length} classes`),
        features({ stage, computed, reused, seconds }) {
          // A split that comes from the cache altogether is worth a line once a run.
          if (computed > 0 || !told) say(`  features of "${stage}": ${computed} computed, ${reused} from the cache, ${seconds.toFixed(1)} s`);
          told = true;
        },
        epochEnd({ epoch, epochs, loss, validation }) {
          if (epoch % 10 === 0) say(`  epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}, validation accuracy ${validation!.accuracy!.toFixed(3)}`);
        },
      },
    },
  );
  say();
  return result;
}

function row(name: string, { metrics, seconds }: TransferResult): void {
  const { accuracy, macroF1 } = metrics.test!;
  say(`  ${name.padEnd(38)}${accuracy!.toFixed(3).padStart(13)}${macroF1!.toFixed(3).padStart(12)}${seconds.total.toFixed(0).padStart(11)}`);
}

async function predictThree(system: Headstart, directory: string): Promise<void> {
  const quiet: Progress = { start: () => ({ update() {}, end() {} }) };
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress: quiet });
  const data = await emojiDataset('google').load({ artifacts }, { skipBad: false, progress: quiet, options: {} });
  const { test } = splitTarget(data, { shares: SHARES, seed: SEED }).splits;
  const chosen = [0, 1, 2].map((third) => test.get(Math.floor(((third + 0.5) * test.length) / 3)) as ImageSample);
  const model = await system.load(directory);
  const predictions = (await model.predict(chosen.map(({ image }) => image.path))) as ImagePrediction[];
  predictions.forEach(({ label, probability }, i) => {
    const { image, label: truth } = chosen[i]!;
    const verdict = label === data.labels[truth!] ? 'right' : `wrong: ${data.labels[truth!]}`;
    say(`  ${basename(image.path).padEnd(28)} ${label}, ${(100 * probability).toFixed(0)} % (${verdict})`);
  });
  model.dispose();
}
