import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifacts, Progress } from '@headstart/artifacts';
import { cacheRoot } from '@headstart/artifacts/storage';
import type { BackendName } from '@headstart/backend';
import type { Plugin } from '@headstart/core';
import type { Composition } from './composition.ts';
import type { ExitCode } from './failures.ts';
import { noBackend } from './no-backend.ts';
import { run } from './run.ts';
import { doctorLines } from './terminal/doctor-report.ts';

/**
 * The `headstart` command, wired: the only module that knows the backend and the plugins. They and core are
 * imported when a command needs them, so that help and mistakes are answered at once.
 */
const composition: Composition = {
  async open({ backend: prefer, device, threads, memoryLimit }, progress) {
    const [{ createHeadstart }, { openBackend }] = await Promise.all([
      import('@headstart/core'),
      import('@headstart/backend'),
    ]);
    const shared = await artifacts(progress);
    const backend = await openBackend({
      // An unknown name is the backend's to refuse: it knows the engines.
      prefer: prefer as BackendName | undefined,
      device,
      threads: threads === undefined ? undefined : { intraOp: threads, interOp: threads },
      memoryLimit,
      artifacts: shared,
      progress,
    });
    return createHeadstart({ backend, plugins: await loadPlugins(), artifacts: shared, progress });
  },
  async lookUp() {
    const { createHeadstart } = await import('@headstart/core');
    return createHeadstart({ backend: noBackend, plugins: await loadPlugins() });
  },
  async plugins() {
    return (await loadPlugins()).map(({ definition: { name, version, headstart } }) => ({ name, version, headstart }));
  },
  async score(truth, predictions) {
    const { scoreFiles } = await import('@headstart/detection');
    return scoreFiles(truth, predictions);
  },
  async report(truth, predictions) {
    const { reportOfFiles } = await import('@headstart/detection');
    return reportOfFiles(truth, predictions);
  },
  async mistakes(truth, predictions) {
    const { mistakesOfFiles } = await import('@headstart/detection');
    return mistakesOfFiles(truth, predictions);
  },
  async doctor() {
    const { doctor } = await import('@headstart/backend');
    const report = await doctor();
    return { lines: doctorLines(report), document: report };
  },
  async install({ gpu }, progress) {
    const { installBackend } = await import('@headstart/backend');
    const { version, variant, folder, cached, problem } = await installBackend({
      gpu,
      artifacts: await artifacts(progress),
      progress,
    });
    return {
      lines: [
        `libtensorflow ${version} (${variant}) ${cached ? 'was there already' : 'installed'}`,
        folder,
        ...(problem ? [`It cannot run here yet: ${problem}`] : []),
      ],
      document: { version, variant, folder, cached, ...(problem ? { problem } : {}) },
    };
  },
};

async function artifacts(progress: Progress): Promise<Artifacts> {
  const { createArtifacts } = await import('@headstart/artifacts');
  return createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
}

async function loadPlugins(): Promise<Plugin[]> {
  const [{ default: vision }, { default: nlp }, { default: detection }] = await Promise.all([
    import('@headstart/vision'),
    import('@headstart/nlp'),
    import('@headstart/detection'),
  ]);
  return [vision(), nlp(), detection()];
}

/** Runs the `headstart` command with these arguments. @returns its exit code */
export function program(args: readonly string[]): Promise<ExitCode> {
  return run(args, { composition, version: packageVersion(), stdout: process.stdout, stderr: process.stderr });
}

function packageVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
