import { openBackend } from '@headstart/backend';
import { silentProgress } from '@headstart/core';
import { checkPlugin } from '@headstart/core/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { writeGlides } from '../tools/glides.ts';
import { wavFolder } from './clips/wav-folder.ts';
import { dsCnnWords } from './network/source.ts';

let root: string;
let backend: Awaited<ReturnType<typeof openBackend>>;
beforeAll(async () => {
  backend = await openBackend();
  root = await mkdtemp(join(tmpdir(), 'plugin-audio-'));
  await writeGlides(join(root, 'glides'), 8);
  await mkdir(join(root, 'bad', 'rise'), { recursive: true });
  await writeFile(join(root, 'bad', 'rise', '1.wav'), 'RIFF');
});
afterAll(async () => {
  await backend.close();
  await rm(root, { recursive: true });
});

it('is a plugin as Headstart needs one, and says in package.json what it adds', { timeout: 240_000 }, async () => {
  const path = join(root, 'glides');
  const target = await wavFolder.read(path, { skipBad: false, progress: silentProgress, options: {} });
  await checkPlugin(() => import('./index.ts'), {
    packageJson: new URL('../package.json', import.meta.url),
    backend,
    parts: {
      readers: { 'wav-folder': { path, bad: [join(root, 'bad')] } },
      tasks: {
        'audio-classification': {
          source: dsCnnWords,
          target,
          inputs: [join(path, 'rise', '1.wav')],
          bad: [join(root, 'bad', 'rise', '1.wav'), new Uint8Array(4)],
        },
      },
    },
  });
});
