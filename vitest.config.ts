import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@headstart/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/*.test.ts', 'tools/**/*.test.ts'],
    // Native addons misbehave in repeated worker threads.
    pool: 'forks',
    maxWorkers: 2,
    // A program that a test starts with tsx reads the decorators' dialect from here.
    env: { TSX_TSCONFIG_PATH: fileURLToPath(new URL('tsconfig.base.json', import.meta.url)) },
    // Against tests that hang; how long one takes is the machine's matter.
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
