/**
 * Reads registered data sets and prints what is in them: samples per class and split, doubles, the fingerprint.
 *
 *   npm run measure -- domains [name or beginning of a name …] [seed=0]
 */
import { compose } from '../workspace/compose.ts';

import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, silentProgress } from '@headstart/core';
import { splitTarget } from '@headstart/core/readers';
import { join } from 'node:path';

const words = process.argv.slice(2);
const seed = Number(words.find((word) => word.startsWith('seed='))?.slice('seed='.length) ?? 0);
const names = words.filter((word) => !word.includes('='));

const headstart = await compose(silentProgress);
const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts') });
try {
  for (const { value: dataset } of headstart.datasets()) {
    if (names.length > 0 && !names.some((name) => dataset.id.startsWith(name))) continue;
    const started = performance.now();
    const data = await dataset.load({ artifacts }, { skipBad: false, progress: silentProgress, options: {} });
    const seconds = (performance.now() - started) / 1000;
    const target = splitTarget(data, { shares: [70, 10, 20], seed });
    const digests = new Set(data.samples.map(({ sample }) => sample.digest));
    console.log(`\n${dataset.id}: ${dataset.description}\n  ${dataset.licence}`);
    console.log(
      `  ${data.samples.length} samples, ${data.samples.length - digests.size} doubles, read in ${seconds.toFixed(1)} s, fingerprint ${target.fingerprint.slice(0, 16)} (seed ${seed})`,
    );
    const rows = data.labels.map((label, index) => {
      const counts = [target.splits.train, target.splits.validation, target.splits.test].map(
        (split) =>
          Array.from({ length: split.length }, (_, i) => split.get(i)).filter((one) => one.label === index).length,
      );
      return `  ${label.padEnd(24)} ${counts.map((count) => String(count).padStart(7)).join('')}`;
    });
    if (rows.length > 0) console.log(`  ${''.padEnd(24)}   train  valid.   test\n${rows.join('\n')}`);
  }
} finally {
  await headstart.close();
}
