import type { Headstart, Registered } from '@headstart/core';
import type { ContributionKind, Contributions } from '@headstart/core/manifest';
import type { Composition } from './composition.ts';
import type { BackendChoice } from './options/backend-options.ts';
import type { Console } from './terminal/console.ts';

/** What a command works with. */
export interface CommandHost {
  readonly console: Console;
  readonly composition: Composition;
  /** Says once of each plugin that could not be used why it is left out. */
  readonly warnOfFailures: () => void;
  /** Asks the person at the terminal; absent where nobody is there. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Has the command end as one that failed, after it has said all. */
  readonly fail: () => void;
}

/** Runs work on an opened system and closes it, also when the work fails. */
export async function withHeadstart<T>(
  host: CommandHost,
  choice: BackendChoice,
  work: (headstart: Headstart) => Promise<T>,
): Promise<T> {
  const { backend, device, threads, memoryLimit, niceness } = choice;
  const headstart = await host.composition.open(
    { backend, device, threads, memoryLimit, niceness },
    host.console.progress,
  );
  return closing(host, headstart, work);
}

/** Runs work that only looks things up: needs no backend. */
export async function withRegistries<T>(host: CommandHost, work: (headstart: Headstart) => T | Promise<T>): Promise<T> {
  return closing(host, await host.composition.lookUp(host.console.progress), work);
}

async function closing<T>(
  host: CommandHost,
  headstart: Headstart,
  work: (headstart: Headstart) => T | Promise<T>,
): Promise<T> {
  try {
    host.warnOfFailures();
    return await work(headstart);
  } finally {
    await headstart.close();
  }
}

type ContributionOf<Kind extends ContributionKind> = NonNullable<Contributions[Kind]>[number];

/** What the plugins in use bring of a kind, each with its plugin. */
export async function catalogued<Kind extends ContributionKind>(
  host: CommandHost,
  kind: Kind,
): Promise<Registered<ContributionOf<Kind>>[]> {
  const { plugins } = await host.composition.catalogue();
  host.warnOfFailures();
  return plugins
    .filter(({ origin }) => origin !== 'not used')
    .flatMap(({ name, contributes }) =>
      ((contributes[kind] ?? []) as readonly ContributionOf<Kind>[]).map((value) => ({ plugin: name, value })),
    );
}
