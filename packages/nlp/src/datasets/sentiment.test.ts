import { silentProgress, type Artifacts, type PackageRef } from '@headstart/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textDigest } from '../texts/text-digest.ts';
import { SENTIMENT_SITES, sentimentDataset } from './sentiment.ts';

const options = { skipBad: false, progress: silentProgress, options: {} };
let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-sentiment-'))));
afterEach(() => rm(root, { recursive: true }));

/** A package that lies unpacked under `root`; what was asked for is kept. */
function unpacked(): Artifacts & { asked: PackageRef[] } {
  const asked: PackageRef[] = [];
  return {
    asked,
    file: () => Promise.reject(new Error('no file is asked for')),
    async package(ref) {
      asked.push(ref);
      return { path: root, archiveSha256: ref.archiveSha256 ?? '', cached: true };
    },
  };
}

async function put(site: string, content: unknown): Promise<void> {
  await mkdir(join(root, 'test/fixtures'), { recursive: true });
  await writeFile(join(root, 'test/fixtures', `${site}.json`), JSON.stringify(content));
}

describe('sentiment data sets', () => {
  it('reads sentences in order as they are written, without the empty last entry', async () => {
    await put('imdb', [
      { text: 'Wasted two hours.  ', class: 0 },
      { text: 'Great.', class: 1 },
      { text: '', class: null },
    ]);
    const artifacts = unpacked();
    const data = await sentimentDataset('imdb').load({ artifacts }, options);
    expect(data).toMatchObject({
      id: 'sentiment-imdb',
      modality: 'text',
      labels: ['negative', 'positive'],
      skipped: [],
    });
    expect(data.samples).toEqual([
      {
        sample: {
          id: 'sentiment-imdb/1',
          digest: textDigest('Wasted two hours.  '),
          label: 0,
          text: 'Wasted two hours.  ',
        },
      },
      { sample: { id: 'sentiment-imdb/2', digest: textDigest('Great.'), label: 1, text: 'Great.' } },
    ]);
    expect(artifacts.asked).toEqual([
      {
        uri: 'npm:sentiment@5.0.2',
        archiveSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        include: expect.arrayContaining(['test/fixtures/imdb.json']) as string[],
      },
    ]);
  });

  it('asks for the same package, whichever site it is', async () => {
    const artifacts = unpacked();
    for (const site of SENTIMENT_SITES) {
      await put(site, [{ text: 'a', class: 1 }]);
      await sentimentDataset(site).load({ artifacts }, options);
    }
    expect(new Set(artifacts.asked.map((ref) => JSON.stringify(ref))).size).toBe(1);
  });

  it.each([[{ sentences: [] }], [[{ text: 'a', class: 2 }]], [[{ text: 'a' }]], [[{ text: '', class: 0 }]]])(
    'refuses %j',
    async (content) => {
      await put('yelp', content);
      await expect(sentimentDataset('yelp').load({ artifacts: unpacked() }, options)).rejects.toMatchObject({
        code: 'target-unreadable',
        message: expect.stringContaining('yelp.json') as string,
      });
    },
  );
});
