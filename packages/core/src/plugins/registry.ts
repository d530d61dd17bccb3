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
    if (taken) {
      throw new HeadstartError({
        code: 'plugin-conflict',
        message: `The plugin "${plugin}" adds the ${this.kind} "${name}", which "${taken.plugin}" has added already.`,
        hint: 'Use one of the two plugins, or ask the author of one to rename it.',
      });
    }
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
