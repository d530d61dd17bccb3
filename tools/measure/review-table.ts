import { cacheRoot } from '@headstart/artifacts/storage';
import { createArtifacts, RandomStream, silentProgress, type Headstart, type Sample } from '@headstart/core';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Which rows of a site's reviews are taken: so many of each class, from a place on in an order drawn by a seed. */
export interface ReviewRows {
  readonly site: string;
  readonly seed: number;
  readonly from: number;
  /** Of the negative and of the positive ones. */
  readonly counts: readonly [number, number];
}

/** Writes sentences of reviews as a table with the columns text and label; gives its path. */
export async function reviewTable(headstart: Headstart, path: string, rows: ReviewRows): Promise<string> {
  const { site, seed, from, counts } = rows;
  const dataset = headstart.datasets().find(({ value }) => value.id === `sentiment-${site}`)!.value;
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts') });
  const { labels, samples } = await dataset.load(
    { artifacts },
    { skipBad: false, progress: silentProgress, options: {} },
  );
  const order = new RandomStream(seed).child('reviews').permutation(samples.length);
  const shuffled = Array.from(order, (index) => samples[index]!.sample as Sample & { readonly text: string });
  const chosen = counts.flatMap((count, label) =>
    shuffled.filter((sample) => sample.label === label).slice(from, from + count),
  );
  const lines = chosen.map(({ text, label }) => `"${text.replaceAll('"', '""')}",${labels[label!]}`);
  await writeFile(path, `text,label\n${lines.join('\n')}\n`);
  return path;
}
