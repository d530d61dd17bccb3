import { HeadstartError } from '@headstart/core';
import { locateLibrary } from '../libtensorflow/locate.ts';
import { openLibtensorflow } from '../libtensorflow/open.ts';
import type { BackendName, ResolvedOptions } from './options.ts';
import type { RegisteredBackend } from './registered-backend.ts';

export interface TriedEngine {
  engine: RegisteredBackend;
  /** Why this one, in a clause. */
  why: string;
}

/** Opens one engine. @throws HeadstartError saying why it cannot be used */
export async function tryEngine(name: BackendName, options: ResolvedOptions): Promise<TriedEngine> {
  switch (name) {
    case 'libtensorflow':
      return tryLibtensorflow(options);
    default:
      throw new HeadstartError({ code: 'backend-unavailable', message: `${name} is not usable yet.`, hint: 'Use libtensorflow.' });
  }
}

async function tryLibtensorflow(options: ResolvedOptions): Promise<TriedEngine> {
  const located = locateLibrary(options.device);
  if (!located) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: 'libtensorflow is not installed on this machine.',
      hint: 'Run `headstart backend install`, or set HEADSTART_LIBTENSORFLOW to a folder that holds it.',
    });
  }
  const engine = openLibtensorflow(located, options);
  return { engine, why: `libtensorflow ${engine.details.tensorflow} on ${engine.device}, from ${located.origin}` };
}
