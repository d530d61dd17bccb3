import { createArtifacts } from '@headstart/core';
import { makeZip } from '@headstart/artifacts/testing';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family, Files } from '../family.ts';
import { mutateFiles } from '../mutate-files.ts';
import type { System } from '../system.ts';

const CONTENTS = {
  'a/words.txt': 'the a cat dog',
  'a/sizes.json': '{"width":9}',
  'b.bin': '\u0000\u0001\u0002'.repeat(99),
};

/** The archive that the cache is of: where it lies is part of an entry's name, so that it is the same for all children. */
async function archive(system: System): Promise<string> {
  const folder = await system.seedFolder('cached-archive', (made) =>
    writeFile(join(made, 'data.zip'), makeZip(Object.entries(CONTENTS).map(([name, data]) => ({ name, data })))),
  );
  return `file:${join(folder, 'data.zip')}`;
}

async function cacheSeed(system: System): Promise<Files> {
  const uri = await archive(system);
  return system.seedFiles('cache', async (folder) => {
    await createArtifacts({ root: join(folder, 'cache') }).package({ uri });
  });
}

/** Entries of the cache of artifacts, damaged: they are made anew, and what is read of them is what the archive holds. */
export const cache: Family = {
  name: 'cache',
  valid: async (system) => [await cacheSeed(system)],
  make: async (draw, system) => mutateFiles(draw, await cacheSeed(system)),
  async read(folder, system) {
    const root = join(folder, 'cache');
    if (!existsSync(root)) await mkdir(root, { recursive: true });
    const { path } = await createArtifacts({ root }).package({ uri: await archive(system) });
    for (const [name, content] of Object.entries(CONTENTS)) {
      const found = await readFile(join(path, name), 'utf8');
      if (found !== content) throw new Error(`${name} of the cache is not what the archive has.`);
    }
  },
};
