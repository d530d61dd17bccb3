import { openBackend } from '@headstart/backend';
import { createArtifacts, silentProgress } from '@headstart/core';
import { checkBackbone } from '@headstart/core/testing';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dsCnnWords } from './source.ts';

const runtime = {
  artifacts: createArtifacts({ root: join(tmpdir(), 'headstart-plugin-audio'), progress: silentProgress }),
  progress: silentProgress,
};
let backend: Awaited<ReturnType<typeof openBackend>>;
beforeAll(async () => void (backend = await openBackend()));
afterAll(() => backend.close());

describe('ds-cnn-words', () => {
  it('is a backbone as strategies need one, with the weights that this package ships', async () => {
    await checkBackbone(dsCnnWords, { open: (options) => dsCnnWords.open(runtime, options), weights: 'published' });
  });

  it('has a card that tells the truth about its weights', async () => {
    const [file] = dsCnnWords.card.files;
    const bytes = await readFile(new URL(file!.uri));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file!.sha256);
    const backbone = await dsCnnWords.open(runtime, { weights: 'published' });
    const weights = backbone.stages.flatMap(({ variables }) => variables.filter(({ role }) => role === 'weight'));
    expect(dsCnnWords.card.parameters).toBe(weights.reduce((sum, { value }) => sum + value.size, 0));
    backbone.dispose();
  });
});
