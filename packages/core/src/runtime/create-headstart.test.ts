import { describe, expect, it } from 'vitest';
import { definePlugin, type Plugin, type PluginContext } from '../plugins/plugin.ts';
import type { PluginFailure } from '../plugins/plugin-failure.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';

const PITCH = Symbol('Pitch');

const plugin = (name: string, setup: (context: PluginContext<undefined>) => void): Plugin =>
  definePlugin({ name, version: '1.0.0', headstart: '^0.1', setup })();

const scheme = (name: string) => ({
  scheme: name,
  description: 'nothing',
  resolve: () => {
    throw new Error('Nobody resolves it.');
  },
});

const throwing = plugin('throwing', ({ sources }) => {
  sources.addScheme(scheme('half'));
  throw new Error('The key is missing.');
});

describe('plugins that cannot be set up', () => {
  it('are left out with all that they added, and so are those that build on them, while the others go on', async () => {
    const failures: PluginFailure[] = [];
    const given = [
      throwing,
      plugin('providing', ({ services }) => {
        services.provide(PITCH, () => 440);
        throw new Error('No tone.');
      }),
      plugin('replacing', ({ services }) => services.replace(PITCH, () => 441)),
      plugin('measuring', ({ metrics }) =>
        metrics.add({ id: 'octaves', kind: 'chords' as never, description: 'apart', compute: () => 1 }),
      ),
      pointPlugin(),
      plugin('twice', ({ sources }) => sources.addScheme(scheme('first'))),
      plugin('twice', ({ sources }) => sources.addScheme(scheme('second'))),
      undefined as unknown as Plugin,
    ];
    const headstart = await createHeadstart({
      backend: await plainBackend(),
      plugins: given,
      onPluginFailure: (failure) => failures.push(failure),
    });
    expect(failures.map(({ plugin: name, error }) => [name, error.code])).toEqual([
      ['throwing', 'plugin-invalid'],
      ['providing', 'plugin-invalid'],
      ['twice', 'plugin-conflict'],
      ['without a name', 'plugin-invalid'],
      ['replacing', 'plugin-invalid'],
      ['measuring', 'plugin-invalid'],
    ]);
    expect(failures[0]!.error.message).toContain('The key is missing.');
    expect(headstart.sourceSchemes().map(({ value }) => value.scheme)).toEqual(['model', 'first']);
    expect(headstart.services().filter(({ plugin: name }) => name !== '@headstart/core')).toEqual([]);
    expect(headstart.tasks().length).toBeGreaterThan(0);
  });

  it('are errors where nobody hears of them', async () => {
    const backend = await plainBackend();
    await expect(createHeadstart({ backend, plugins: [throwing] })).rejects.toMatchObject({ code: 'plugin-invalid' });
  });
});

describe('what is asked for and comes with a package that is not in use', () => {
  it('names a domain of Headstart and how to install it', async () => {
    const headstart = await createHeadstart({ backend: await plainBackend(), plugins: [] });
    await expect(headstart.plan({ target: 'mnist' })).rejects.toMatchObject({
      code: 'unknown-name',
      message: 'Unknown data set "mnist": it comes with @headstart/vision.',
      install: '@headstart/vision',
    });
    await expect(headstart.plan({ target: 'package.json' })).rejects.toMatchObject({
      code: 'target-unreadable',
      hint: expect.stringMatching(
        /^@headstart\/detection reads such files\. .* install @headstart\/detection/,
      ) as string,
      install: '@headstart/detection',
    });
    await expect(headstart.embed('minilm-l6', ['a'])).rejects.toMatchObject({ install: '@headstart/nlp' });
  });
});
