import { harmless } from '@headstart/artifacts/errors';
import type { BackendName } from '@headstart/backend';
import type { Artifacts, Headstart, Progress } from '@headstart/core';
import type { PluginFailure } from '@headstart/core/manifest';
import { memoryBytes } from './config/check-config.ts';
import type { Workplace } from './workplace.ts';

/** How a system is opened; what is left out is the configuration's, or chosen by what works here. */
export interface OpenHeadstartOptions {
  /** The folder whose configuration and installed packages hold; the working folder where absent. */
  readonly cwd?: string;
  readonly backend?: string;
  readonly device?: 'gpu' | 'cpu' | 'auto';
  readonly threads?: number;
  /** Most memory to take of a GPU, in bytes. */
  readonly memoryLimit?: number;
  /** See `BackendOptions.niceness`. */
  readonly niceness?: number;
  readonly artifacts?: Artifacts;
  readonly progress?: Progress;
  /** Told of each plugin that could not be used; a warning of the process where absent. */
  readonly onPluginFailure?: (failure: PluginFailure) => void;
}

/**
 * The system as the command has it in a folder: with the plugins that `headstart.config.*` names, or without one the
 * domains that are installed, on the backend that is asked for. Plugins run with all rights of the process.
 *
 * @example
 * const headstart = await openHeadstart();
 * const { model } = await headstart.train({ target: './photos' });
 * await headstart.close();
 *
 * @throws HeadstartError `config-invalid`, `plugin-missing`, `backend-unavailable`, `unknown-name`
 */
export async function openHeadstart(options: OpenHeadstartOptions = {}): Promise<Headstart> {
  // What is imported with the command's entry is little: help waits for it.
  const { Workplace } = await import('./workplace.ts');
  const workplace = new Workplace(options.cwd ?? process.cwd());
  const headstart = await openIn(workplace, options);
  for (const failure of workplace.failures) (options.onPluginFailure ?? warn)(failure);
  return headstart;
}

/** The same in a working folder that may have been read already. */
export async function openIn(workplace: Workplace, options: Omit<OpenHeadstartOptions, 'cwd'>): Promise<Headstart> {
  const [{ openBackend }, { defaults }] = await Promise.all([import('@headstart/backend'), workplace.setting()]);
  const { artifacts, progress } = options;
  const threads = options.threads ?? defaults.threads;
  const backend = await openBackend({
    // An unknown name is the backend's to refuse: it knows the engines.
    prefer: (options.backend ?? defaults.backend) as BackendName | undefined,
    device: options.device ?? defaults.device,
    threads: threads === undefined ? undefined : { intraOp: threads, interOp: threads },
    memoryLimit: options.memoryLimit ?? memoryBytes(defaults.memoryLimit),
    niceness: options.niceness,
    artifacts,
    progress,
  });
  try {
    return await workplace.compose({ backend, artifacts, progress });
  } catch (error) {
    await backend.close();
    throw error;
  }
}

function warn({ plugin, error }: PluginFailure): void {
  process.emitWarning(harmless(`The plugin ${plugin} is left out. ${error.message} ${error.hint}`), {
    type: 'HeadstartWarning',
    code: 'PLUGIN_LEFT_OUT',
  });
}
