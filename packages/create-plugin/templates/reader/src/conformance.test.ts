import { checkPlugin } from '@headstart/core/testing';
import { it } from 'vitest';

it('is a plugin as its package says', () =>
  checkPlugin(() => import('./index.ts'), { packageJson: new URL('../package.json', import.meta.url) }));
