import type { Artifacts, Headstart, Plugin, Progress } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import type { PluginFailure } from '@headstart/core/manifest';
import { catalogueFromManifests, catalogueOf, type Catalogue } from './plugins/catalogue.ts';
import { loadPlugins } from './plugins/load-plugins.ts';
import { offersOf } from './plugins/offers.ts';
import { loadSetting, readSetting, type Setting } from './plugins/setting.ts';
import { noBackend } from './no-backend.ts';

/** What a system is composed with beside the plugins. */
export interface Parts {
  readonly backend: Backend;
  readonly artifacts?: Artifacts;
  readonly progress?: Progress;
}

/** A working folder: its configuration is run and its plugins are imported once, when they are first needed. */
export class Workplace {
  #setting: Promise<Setting> | undefined;
  #plugins: Promise<readonly Plugin[]> | undefined;
  readonly #failures = new Map<string, PluginFailure>();

  constructor(readonly cwd: string) {}

  /** Plugins that could not be used so far. */
  get failures(): readonly PluginFailure[] {
    return [...this.#failures.values()];
  }

  /** @throws HeadstartError `config-invalid`, `plugin-missing` */
  setting(): Promise<Setting> {
    return (this.#setting ??= loadSetting(this.cwd));
  }

  /** The system with the plugins that can be used. @throws HeadstartError `config-invalid`, `plugin-missing` */
  async compose(parts: Parts): Promise<Headstart> {
    const { createHeadstart } = await import('@headstart/core');
    const setting = await this.setting();
    const plugins = await (this.#plugins ??= this.#load(setting));
    const compose = () =>
      createHeadstart({
        ...parts,
        plugins: plugins.filter(({ definition }) => !this.#failures.has(definition.name)),
        offers: offersOf(setting, this.failures),
        onPluginFailure: (failure) => this.#failures.set(failure.plugin, failure),
      });
    const before = this.#failures.size;
    const headstart = await compose();
    // What a plugin that failed would have brought is offered with the reason.
    return this.#failures.size === before ? headstart : compose();
  }

  /** What extends Headstart here, from manifests where they say it all and `load` does not want it imported. */
  async catalogue({ load = false }: { readonly load?: boolean } = {}): Promise<Catalogue> {
    const read = load ? undefined : await (this.#setting ?? readSetting(this.cwd));
    const known = read && catalogueFromManifests(read);
    if (known) return known;
    const headstart = await this.compose({ backend: noBackend });
    return catalogueOf(await this.setting(), headstart, this.failures);
  }

  async #load({ uses }: Setting): Promise<readonly Plugin[]> {
    const { plugins, failures } = await loadPlugins(uses);
    for (const failure of failures) this.#failures.set(failure.plugin, failure);
    return plugins;
  }
}
