import { join } from 'node:path';
import type { Artifacts, Progress } from '@headstart/artifacts';
import { cacheRoot } from '@headstart/artifacts/storage';
import type { Bench } from './bench-types.ts';
import type { Composition } from './composition.ts';
import type { ExitCode } from './failures.ts';
import { noBackend } from './no-backend.ts';
import { run } from './run.ts';
import { doctorLines } from './terminal/doctor-report.ts';
import { VERSION } from './version.ts';
import type { Workplace } from './workplace.ts';

/**
 * The `headstart` command, wired: with `open-headstart.ts` the only module that knows the backend. It, core and plugins are
 * imported when a command needs them, so that help and mistakes are answered at once.
 */
function composition(cwd: string): Composition {
  let read: Workplace | undefined;
  const workplace = async () => (read ??= new (await import('./workplace.ts')).Workplace(cwd));
  return {
    async open(choice, progress) {
      const [{ openIn }, place] = await Promise.all([import('./open-headstart.ts'), workplace()]);
      return openIn(place, { ...choice, artifacts: await artifacts(progress), progress });
    },
    lookUp: async (progress) => (await workplace()).compose({ backend: noBackend, progress }),
    catalogue: async (options) => (await workplace()).catalogue(options),
    failures: () => read?.failures ?? [],
    score: async (truth, predictions) => (await detection(cwd)).scoreFiles(truth, predictions),
    report: async (truth, predictions) => (await detection(cwd)).reportOfFiles(truth, predictions),
    mistakes: async (truth, predictions) => (await detection(cwd)).mistakesOfFiles(truth, predictions),
    bench: async () => (await needed('@headstart/bench', 'headstart bench needs', cwd)) as Bench,
    async checkUp() {
      const [{ checkUp }, place] = await Promise.all([import('./doctor/check-up.ts'), workplace()]);
      return checkUp(place);
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
}

async function artifacts(progress: Progress): Promise<Artifacts> {
  const { createArtifacts } = await import('@headstart/artifacts');
  return createArtifacts({ root: join(cacheRoot(), 'artifacts'), progress });
}

/** What scores boxes: the package, whether or not a configuration uses its plugin. @throws HeadstartError `plugin-missing` */
async function detection(cwd: string): Promise<typeof import('@headstart/detection')> {
  return (await needed('@headstart/detection', 'headstart score needs', cwd)) as typeof import('@headstart/detection');
}

/** A package that not every installation has. @throws HeadstartError `plugin-missing` */
async function needed(name: string, who: string, cwd: string): Promise<unknown> {
  const { importNeeded } = await import('./plugins/import-needed.ts');
  return importNeeded(name, who, cwd);
}

/** Runs the `headstart` command with these arguments. @returns its exit code */
export function program(args: readonly string[]): Promise<ExitCode> {
  return run(args, {
    composition: composition(process.cwd()),
    version: VERSION,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
  });
}
