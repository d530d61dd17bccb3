import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@headstart/source', 'node', 'import', 'default'];

/** Tests that meet one process in many ways (its one backend, what it has loaded), and so have one of their own each. */
const APART = ['packages/backend/src/**/*.test.ts'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Native addons misbehave in repeated worker threads.
    pool: 'forks',
    maxWorkers: 2,
    // A program that a test starts with tsx reads the decorators' dialect from here.
    env: { TSX_TSCONFIG_PATH: fileURLToPath(new URL('tsconfig.base.json', import.meta.url)) },
    // Against tests that hang; how long one takes is the machine's matter.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    projects: [
      // Modules are loaded once a worker, and not once a file, which is a third of the time.
      {
        extends: true,
        test: { name: 'packages', include: ['packages/*/src/**/*.test.ts'], exclude: APART, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: [...APART, 'tests/**/*.test.ts', 'examples/*.test.ts', 'tools/**/*.test.ts'],
        },
      },
    ],
  },
});
