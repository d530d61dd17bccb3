import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPlugin } from '@headstart/core/testing';
import { it } from 'vitest';

it('keeps what every plugin and every reader has to keep', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'your-name-'));
  try {
    const [path, bad] = [join(folder, 'good.points'), join(folder, 'bad.points')];
    await writeFile(path, '1.5, -2, right\n-1, 0, left\n2, 2, right\n-3, 1, left\n');
    await writeFile(bad, '1.5, -2\n');
    await checkPlugin(() => import('./index.ts'), {
      packageJson: new URL('../package.json', import.meta.url),
      parts: { readers: { 'your-name': { path, bad: [bad] } } },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
