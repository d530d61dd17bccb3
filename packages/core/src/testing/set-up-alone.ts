import 'reflect-metadata';
import { container } from 'tsyringe';
import { Registries } from '../plugins/registries.ts';
import { Services } from '../plugins/services.ts';
import { setUpPlugin } from '../plugins/set-up.ts';
import type { Plugin } from '../plugins/plugin.ts';

/** What plugins add, set up as when a Headstart is composed of them, without composing one. @throws HeadstartError `plugin-*` */
export function setUpAlone(plugins: readonly Plugin[]): Registries {
  const registries = new Registries();
  const services = new Services(container.createChildContainer());
  for (const plugin of plugins) setUpPlugin(plugin, registries, services);
  return registries;
}
