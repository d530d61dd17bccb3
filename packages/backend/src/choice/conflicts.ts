import type { Backend } from '@headstart/core/backend';
import type { BackendName, BackendOptions, ResolvedOptions } from './options.ts';

/** Where the open backend is not what explicitly given options ask for; `auto` and nothing ask for nothing. */
export function conflicts(
  asked: BackendOptions,
  prefer: BackendName | 'auto',
  open: Pick<Backend, 'name' | 'device'>,
  settings: ResolvedOptions,
): string[] {
  const differences: string[] = [];
  const compare = (
    what: string,
    wanted: string | number | boolean | undefined,
    is: string | number | boolean | undefined,
  ) => {
    if (wanted !== undefined && wanted !== 'auto' && wanted !== is)
      differences.push(`${what} is ${is ?? 'not set'}, not ${wanted}`);
  };
  compare('the backend', prefer, open.name);
  compare('the device', asked.device, open.device);
  compare('the memory limit in bytes', asked.memoryLimit, settings.memoryLimit);
  compare('threads.intraOp', asked.threads?.intraOp, settings.threads.intraOp);
  compare('threads.interOp', asked.threads?.interOp, settings.threads.interOp);
  compare('capture', asked.capture, settings.capture);
  compare('niceness', asked.niceness, settings.niceness);
  compare('jit', asked.jit, settings.jit);
  return differences;
}
