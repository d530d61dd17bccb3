import type { DependencyContainer, InjectionToken } from 'tsyringe';
import { HeadstartError } from '@headstart/artifacts/errors';
import { FIXED_SERVICES } from '../runs/tokens.ts';
import { guardCall } from './guard.ts';
import type { Owner } from './owner.ts';
import type { PluginFailure } from './plugin-failure.ts';
import type { Registered } from './registry.ts';

const CORE = '@headstart/core';

/** A service as lists show it. */
export interface ServiceInfo {
  readonly id: string;
  /** Whether the plugin put it in place of another's. */
  readonly replaces: boolean;
}

interface Entry<T = unknown> {
  readonly plugin: string;
  readonly factory: T;
}

/** The services of core and of plugins, each made when it is first asked for, and who put what in place of them. */
export class Services {
  readonly #provided = new Map<InjectionToken<unknown>, Entry<() => unknown>>();
  readonly #replaced = new Map<InjectionToken<unknown>, Entry<(original: unknown) => unknown>>();
  readonly #made = new Map<InjectionToken<unknown>, unknown>();

  constructor(private readonly container: DependencyContainer) {}

  /** Provides what core makes itself, also what no plugin may provide or replace. */
  provideOwn<T>(token: InjectionToken<T>, factory: () => T): void {
    this.#provided.set(token, { plugin: CORE, factory });
    this.container.register(token, { useFactory: () => this.#get(token) as T });
  }

  /** @throws HeadstartError `plugin-conflict` where it is provided already; `plugin-invalid` for what is core's alone */
  provide<T>(plugin: string, token: InjectionToken<T>, factory: () => T): void {
    refuseFixed(plugin, 'provides', token);
    const taken = this.#provided.get(token);
    if (taken) {
      throw new HeadstartError({
        code: 'plugin-conflict',
        message: `The plugin "${plugin}" provides the service ${tokenName(token)}, which "${taken.plugin}" provides already.`,
        hint: 'Use one of the two plugins, or have one put its own in place of the other by services.replace.',
      });
    }
    this.#provided.set(token, { plugin, factory: guardCall(factory, ownerOf(plugin, token)) });
    this.container.register(token, { useFactory: () => this.#get(token) as T });
  }

  /** @throws HeadstartError `plugin-conflict` where another plugin replaces it; `plugin-invalid` for what is core's alone */
  replace<T>(plugin: string, token: InjectionToken<T>, factory: (original: T) => T): void {
    refuseFixed(plugin, 'replaces', token);
    const taken = this.#replaced.get(token);
    if (taken) {
      throw new HeadstartError({
        code: 'plugin-conflict',
        message: `The plugin "${plugin}" replaces the service ${tokenName(token)}, which "${taken.plugin}" replaces already.`,
        hint: 'Use one of the two plugins.',
      });
    }
    const guarded = guardCall(factory, ownerOf(plugin, token));
    this.#replaced.set(token, { plugin, factory: guarded as (original: unknown) => unknown });
  }

  /** Gives the service when it is needed; undefined where nobody provides it. */
  find<T>(token: InjectionToken<T>): () => T | undefined {
    return () => (this.#provided.has(token) ? (this.#get(token) as T) : undefined);
  }

  /** To be called once all plugins are set up: the first that replaces a service which nobody provides. */
  replacementProblem(): PluginFailure | undefined {
    for (const [token, { plugin }] of this.#replaced) {
      if (this.#provided.has(token)) continue;
      const error = new HeadstartError({
        code: 'plugin-invalid',
        message: `The plugin "${plugin}" replaces the service ${tokenName(token)}, which nobody provides.`,
        hint: 'Add the plugin that provides it, or have this one provide it itself: services.provide.',
      });
      return { plugin, error };
    }
    return undefined;
  }

  /** What is provided, and what replaces it. */
  list(): Registered<ServiceInfo>[] {
    const entries = (of: ReadonlyMap<InjectionToken<unknown>, Entry>, replaces: boolean) =>
      [...of].map(([token, { plugin }]) => ({ plugin, value: { id: tokenName(token), replaces } }));
    return [...entries(this.#provided, false), ...entries(this.#replaced, true)];
  }

  #get(token: InjectionToken<unknown>): unknown {
    if (!this.#made.has(token)) {
      const original = this.#provided.get(token)!.factory();
      const replacement = this.#replaced.get(token);
      this.#made.set(token, replacement ? replacement.factory(original) : original);
    }
    return this.#made.get(token);
  }
}

function ownerOf(plugin: string, token: InjectionToken<unknown>): Owner {
  return { plugin, part: `service ${tokenName(token)}` };
}

function refuseFixed(plugin: string, verb: string, token: InjectionToken<unknown>): void {
  if (!FIXED_SERVICES.has(token)) return;
  throw new HeadstartError({
    code: 'plugin-invalid',
    message: `The plugin "${plugin}" ${verb} the service ${tokenName(token)}, which core alone provides.`,
    hint: 'A plugin may replace the artifacts, the feature store, the progress and what plugins provide.',
  });
}

/** A service's name in messages and lists. */
export function tokenName(token: InjectionToken<unknown>): string {
  if (typeof token === 'function') return token.name;
  if (typeof token === 'symbol') return token.description ?? 'without a name';
  return typeof token === 'object' ? 'of a delayed constructor' : token;
}
