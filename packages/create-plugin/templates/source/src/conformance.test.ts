import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifacts, silentProgress } from '@headstart/core';
import { checkBackbone, checkPlugin } from '@headstart/core/testing';
import { it } from 'vitest';

it('is a plugin as its package says', () =>
  checkPlugin(() => import('./index.ts'), { packageJson: new URL('../package.json', import.meta.url) }));

it.each(['published', 'none'] as const)('opens as transfers need it, weights: %s', async (weights) => {
  const { source } = await import('./source.ts');
  const root = await mkdtemp(join(tmpdir(), 'your-name-'));
  try {
    const runtime = { artifacts: createArtifacts({ root }), progress: silentProgress };
    await checkBackbone(source, { weights, open: (options) => source.open(runtime, options) });
  } finally {
    await rm(root, { recursive: true });
  }
});
