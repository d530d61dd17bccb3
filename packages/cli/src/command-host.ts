import type { Headstart } from '@headstart/core';
import type { Composition } from './composition.ts';
import type { BackendChoice } from './options/backend-options.ts';
import type { Console } from './terminal/console.ts';

/** What a command works with. */
export interface CommandHost {
  readonly console: Console;
  readonly composition: Composition;
}

/** Runs work on an opened system and closes it, also when the work fails. */
export async function withHeadstart<T>(
  host: CommandHost,
  choice: BackendChoice,
  work: (headstart: Headstart) => Promise<T>,
): Promise<T> {
  const { backend, device, threads, memoryLimit } = choice;
  const headstart = await host.composition.open({ backend, device, threads, memoryLimit }, host.console.progress);
  return closing(headstart, work);
}

/** Runs work that only looks things up: needs no backend. */
export async function withRegistries<T>(host: CommandHost, work: (headstart: Headstart) => T | Promise<T>): Promise<T> {
  return closing(await host.composition.lookUp(), work);
}

async function closing<T>(headstart: Headstart, work: (headstart: Headstart) => T | Promise<T>): Promise<T> {
  try {
    return await work(headstart);
  } finally {
    await headstart.close();
  }
}
