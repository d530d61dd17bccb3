import { checkPlugin, pointDomain } from '@headstart/core/testing';
import { it } from 'vitest';

it('keeps what every plugin and every task has to keep', async () => {
  const { plane } = await import('./testing/plane.ts');
  const task = {
    source: pointDomain().source,
    target: plane(36),
    inputs: ['1, 2', '-1.5, 0'],
    bad: ['1', '1, two'],
  };
  await checkPlugin(() => import('./index.ts'), {
    packageJson: new URL('../package.json', import.meta.url),
    parts: { tasks: { 'your-name': task } },
  });
});
