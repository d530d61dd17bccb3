import 'reflect-metadata';
import { container } from 'tsyringe';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CORE_VERSION } from '../ports/version.ts';
import { THIS_CORE, warnOfCopies, type CoreCopy } from './copies.ts';
import { definePlugin, makerOf, type Plugin } from './plugin.ts';
import { Registries } from './registries.ts';
import { Services } from './services.ts';
import { setUpPlugin } from './set-up.ts';

const MAKER = Symbol.for('headstart.plugin.maker');
const COPIES = Symbol.for('headstart.core.copies');

/** A plugin as another copy's `definePlugin` makes it. */
function madeBy(maker: CoreCopy, name: string): Plugin {
  const plugin = definePlugin({ name, version: '1.0.0', headstart: '*', setup() {} })();
  return Object.assign(plugin, { [MAKER]: maker });
}

describe('copies of core', () => {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(String(warning)));
  });
  afterEach(() => void vi.restoreAllMocks());
  const setUp = (plugin: Plugin) =>
    setUpPlugin(plugin, new Registries(), new Services(container.createChildContainer()));

  it('says nothing of a plugin of its own, nor of itself', () => {
    const plugin = definePlugin({ name: 'ours', version: '1.0.0', headstart: '*', setup() {} })();
    expect(makerOf(plugin)).toBe(THIS_CORE);
    setUp(plugin);
    warnOfCopies();
    expect(warnings).toEqual([]);
  });

  it('warns once of a plugin that another copy made', () => {
    const plugin = madeBy({ version: CORE_VERSION, folder: '/app/node_modules/other/core' }, 'headstart-foreign');
    setUp(plugin);
    setUp(plugin);
    expect(warnings).toEqual([
      expect.stringMatching(
        /"headstart-foreign" was made by another copy of @headstart\/core.*other\/core.*npm dedupe/,
      ),
    ]);
  });

  it('refuses a plugin that was made by a copy whose versions do not go with this one', () => {
    expect(() => setUp(madeBy({ version: '7.0.0', folder: '/elsewhere' }, 'headstart-foreign'))).toThrow(
      expect.objectContaining({
        code: 'plugin-incompatible',
        message: expect.stringMatching(/"headstart-foreign".*7\.0\.0 in \/elsewhere/) as string,
      }) as Error,
    );
  });

  it('warns of a second copy of core that was imported, whoever uses it', () => {
    const copies = (globalThis as unknown as { [COPIES]: Map<string, CoreCopy> })[COPIES];
    expect([...copies.values()]).toEqual([THIS_CORE]);
    copies.set('/elsewhere', { version: '0.9.0', folder: '/elsewhere' });
    try {
      warnOfCopies();
    } finally {
      copies.delete('/elsewhere');
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^2 copies of @headstart\/core are loaded: .*0\.9\.0 in \/elsewhere/),
    ]);
  });
});
