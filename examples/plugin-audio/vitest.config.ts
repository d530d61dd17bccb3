import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One process for all files: a backend is a process's own, and is opened once.
  test: { include: ['src/**/*.test.ts'], pool: 'forks', maxWorkers: 1, isolate: false, testTimeout: 60_000 },
});
