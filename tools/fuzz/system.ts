import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createHeadstart, createArtifacts, definePlugin, type Headstart } from '@headstart/core';
import { openBackend } from '@headstart/backend';
import detection from '@headstart/detection';
import nlp, { TRANSFORMERS } from '@headstart/nlp';
import vision from '@headstart/vision';
import { join } from 'node:path';
import { libraryStandIn } from './families/transformers.ts';
import { filesIn, once } from './seeds.ts';

const transformersStandIn = definePlugin({
  name: 'transformers-stand-in',
  version: '1.0.0',
  headstart: '^0.1',
  setup: ({ services }) => services.provide(TRANSFORMERS, () => libraryStandIn),
});

/** What inputs are read with: the whole system, opened once a process, on plain JavaScript, and with a cache of its own. */
export class System {
  readonly #backend = once(() => openBackend({ prefer: 'cpu' }));
  readonly #made = new Map<string, Promise<ReadonlyMap<string, Buffer>>>();
  readonly #opened = once(() => this.openIn(this.cache));

  /** @param cache an absolute path, the same for all children of a hand */
  constructor(readonly cache: string) {}

  get headstart(): Promise<Headstart> {
    return this.#opened();
  }

  /** The system with another cache. */
  async openIn(cacheRoot: string): Promise<Headstart> {
    const artifacts = createArtifacts({ root: join(cacheRoot, 'artifacts') });
    const plugins = [vision(), nlp(), detection(), transformersStandIn()];
    return createHeadstart({ backend: await this.#backend(), plugins, cacheRoot, artifacts });
  }

  /** The folder of a seed that takes a training to make: made once, whichever child needs it first. */
  async seedFolder(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
    const folder = join(this.cache, 'seeds', name);
    if (existsSync(folder)) return folder;
    const aside = `${folder}.making`;
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { recursive: true });
    await make(aside);
    await rename(aside, folder);
    return folder;
  }

  /** The files of such a folder. */
  seedFiles(name: string, make: (folder: string) => Promise<unknown>): Promise<ReadonlyMap<string, Buffer>> {
    const known = this.#made.get(name) ?? this.seedFolder(name, make).then(filesIn);
    this.#made.set(name, known);
    return known;
  }
}
