import { checkPlugin } from '@headstart/core/testing';
import { it } from 'vitest';

it('is a plugin as Headstart needs one, and says in package.json what it adds', async () => {
  await checkPlugin(() => import('./index.ts'), { packageJson: new URL('../package.json', import.meta.url) });
});
