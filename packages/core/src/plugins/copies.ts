import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { satisfies } from 'semver';
import { HeadstartError, harmless } from '@headstart/artifacts/errors';
import { CORE_VERSION } from '../ports/version.ts';

/** A copy of this package in the process. */
export interface CoreCopy {
  readonly version: string;
  /** The folder of its modules. */
  readonly folder: string;
}

/** This copy of core. */
export const THIS_CORE: CoreCopy = { version: CORE_VERSION, folder: dirname(fileURLToPath(import.meta.url)) };

const COPIES = Symbol.for('headstart.core.copies');

/** The copies of core in this process by their folders: every copy notes itself when it is imported. */
const copies = ((globalThis as { [COPIES]?: Map<string, CoreCopy> })[COPIES] ??= new Map<string, CoreCopy>());
copies.set(THIS_CORE.folder, THIS_CORE);

const TFJS_CORE = /[\\/]node_modules[\\/]@tensorflow[\\/]tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/;

/** Where each copy of TensorFlow.js is that Node has loaded: it is CommonJS, whose modules are on record. */
function tensorflowCopies(): string[] {
  return Object.keys(createRequire(import.meta.url).cache)
    .filter((path) => TFJS_CORE.test(path))
    .map(dirname);
}

/** Warns of a second copy of core, and of TensorFlow.js, each once per process. */
export function warnOfCopies(): void {
  warnOfSeveral('@headstart/core', [...copies.values()].map(described));
  warnOfSeveral('@tensorflow/tfjs-core', tensorflowCopies());
}

function warnOfSeveral(name: string, found: readonly string[]): void {
  if (found.length < 2) return;
  warn(
    `${found.length} copies of ${name} are loaded: ${found.join('; ')}. Classes and registries of one are unknown to the other. Plugins should have it as a peer dependency; "npm dedupe" may leave one.`,
  );
}

/**
 * Reports a plugin that another copy of core made: a warning where the versions go together.
 * @param maker undefined where no copy that marks its plugins made it
 * @throws HeadstartError `plugin-incompatible`
 */
export function checkMaker(plugin: string, maker: CoreCopy | undefined): void {
  if (!maker || maker.folder === THIS_CORE.folder) return;
  const what = `The plugin "${plugin}" was made by another copy of @headstart/core, ${described(maker)}; this one is ${described(THIS_CORE)}.`;
  const dedupe = `Have ${plugin} and your project use one copy: "npm dedupe", or the same version of both.`;
  if (satisfies(CORE_VERSION, `^${maker.version}`) || satisfies(maker.version, `^${CORE_VERSION}`))
    return warn(`${what} ${dedupe}`);
  throw new HeadstartError({ code: 'plugin-incompatible', message: what, hint: dedupe });
}

function described({ version, folder }: CoreCopy): string {
  return `${version} in ${folder}`;
}

const warned = new Set<string>();

function warn(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  process.emitWarning(harmless(message), { type: 'HeadstartWarning', code: 'TWO_COPIES' });
}
