/**
 * Writes what a source makes of registered data sets, for a reference in another program: `<data set>.json` with ids, classes
 * by name and the splits of seed 0 (70/10/20 and halves), and `<data set>.f32` with the features, `[samples, features]`.
 *
 *   npm run measure -- write-features FOLDER SOURCE DATASET …
 */
import { compose } from '../workspace/compose.ts';

import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, silentProgress } from '@headstart/core';
import { splitTarget } from '@headstart/core/readers';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const [folder, source, ...names] = process.argv.slice(2);
if (folder === undefined || source === undefined) throw new Error('Give a folder, a source and data sets.');

const headstart = await compose(silentProgress);
const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts') });

/** What `embed` takes of a sample: its text, or its picture's path. */
function inputOf(sample: object): string {
  const { text, image } = sample as { text?: string; image?: { path: string } };
  return text ?? image!.path;
}

try {
  await mkdir(folder, { recursive: true });
  for (const name of names) {
    const dataset = headstart.datasets().find(({ value }) => value.id === name);
    if (!dataset) throw new Error(`No data set is called ${name}.`);
    const data = await dataset.value.load({ artifacts }, { skipBad: false, progress: silentProgress, options: {} });
    const splits = [[70, 10, 20] as const, [50, 0, 50] as const].map((shares) => {
      const { train, test } = splitTarget(data, { shares, seed: 0 }).splits;
      const [trained, tested] = [train, test].map(
        (split) => new Set(Array.from({ length: split.length }, (_, i) => split.get(i).id)),
      );
      return data.samples.map(({ sample: { id } }) => (trained!.has(id) ? 'train' : tested!.has(id) ? 'test' : ''));
    });
    const samples = data.samples.map(({ sample }, i) => ({
      id: sample.id,
      label: data.labels[sample.label!],
      split: splits[0]![i],
      half: splits[1]![i],
    }));
    const { shape, data: features } = await headstart.embed(
      source,
      data.samples.map(({ sample }) => inputOf(sample)),
    );
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ shape, samples }));
    await writeFile(join(folder, `${name}.f32`), features);
    console.log(`${name}: ${shape.join(' x ')}`);
  }
} finally {
  await headstart.close();
}
