import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BackendName } from '../choice/options.ts';
import type { TensorFlowDevice } from '../libtensorflow/library.ts';
import type { AdapterReport } from '../webgpu/open.ts';
import type { EngineReport } from './doctor.ts';

/** What the probing process sends back. */
export interface ProbeAnswer {
  report: EngineReport;
  devices?: readonly TensorFlowDevice[];
  /** WebGPU's. */
  adapter?: AdapterReport;
}

const TIME_LIMIT_MS = 120_000;

/** Opens one engine in a child process and lets it train a little. */
export function probeEngine(name: BackendName, env: NodeJS.ProcessEnv): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    // The same file type as this module: TypeScript in the repository, JavaScript when published.
    const fromSources = import.meta.url.endsWith('.ts');
    const program = new URL(fromSources ? './probe-process.ts' : './probe-process.js', import.meta.url);
    const child = fork(program, [name], {
      env: { ...(fromSources ? sourceEnvironment() : {}), ...env, HEADSTART_BACKEND: name },
      execArgv: fromSources ? sourceArguments() : [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let answer: ProbeAnswer | undefined;
    let complaint = '';
    const timer = setTimeout(() => child.kill(), TIME_LIMIT_MS);
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)));
    child.once('message', (message) => (answer = message as ProbeAnswer));
    child.once('error', (cause) => (complaint += cause.message));
    child.once('close', (status, signal) => {
      clearTimeout(timer);
      const how = signal ? `was ended by ${signal}` : `ended with status ${status}`;
      const reason = `its process ${how} without an answer${complaint ? `: ${complaint.trim()}` : ''}`;
      resolve(answer ?? { report: { name, usable: false, reason } });
    });
  });
}

/** In the repository a child runs on the sources by the loader that the repository's programs use. */
function sourceArguments(): string[] {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--conditions=@headstart/source', '--import', loader];
}

function sourceEnvironment(): NodeJS.ProcessEnv {
  return { TSX_TSCONFIG_PATH: fileURLToPath(new URL('../../../../tsconfig.base.json', import.meta.url)) };
}
