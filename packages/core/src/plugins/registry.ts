import { HeadstartError } from '@headstart/artifacts/errors';
import type { PackageOffer } from './package-offer.ts';
import { unknownPart, type PartKind } from './unknown-part.ts';

/** A registered thing and the plugin that brought it. */
export interface Registered<T> {
  readonly plugin: string;
  readonly value: T;
}

/** Things of one kind by name, each with the plugin it came from. */
export class Registry<T> {
  readonly #entries = new Map<string, Registered<T>>();

  /**
   * @param kind for messages, such as "source"
   * @param offers packages that would bring more
   */
  constructor(
    readonly kind: PartKind,
    private readonly offers: () => readonly PackageOffer[] = () => [],
  ) {}

  /** @throws HeadstartError `plugin-conflict` where the name is taken */
  add(plugin: string, name: string, value: T): void {
    const taken = this.#entries.get(name);
    if (taken) throw pluginConflict(plugin, `the ${this.kind} "${name}"`, taken.plugin);
    this.#entries.set(name, { plugin, value });
  }

  entry(name: string): Registered<T> | undefined {
    return this.#entries.get(name);
  }

  find(name: string): T | undefined {
    return this.entry(name)?.value;
  }

  /** @throws HeadstartError `unknown-name` with who would bring it, or the nearest known one */
  get(name: string): T {
    const found = this.find(name);
    if (found === undefined) throw unknownPart(this.kind, name, this.names(), this.offers());
    return found;
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  list(): Registered<T>[] {
    return [...this.#entries.values()];
  }
}

/** The error for what two plugins add. */
export function pluginConflict(plugin: string, what: string, other: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-conflict',
    message: `The plugin "${plugin}" adds ${what}, which "${other}" has added already.`,
    hint: 'Use one of the two plugins, or ask the author of one to rename it.',
  });
}
