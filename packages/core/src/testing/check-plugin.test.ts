import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { scalar } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linearProbe } from '../strategies/linear-probe.ts';
import { definePlugin, type PluginDefinition } from '../plugins/plugin.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { manifestOf } from '../plugins/manifest-of.ts';
import { checkPlugin, type PackageManifest, type PluginCheck } from './check-plugin.ts';
import { pointPlugin } from './point-domain.ts';

const strategy = { ...linearProbe, id: 'probe' };
const sound: PluginDefinition = {
  name: 'headstart-plugin-probe',
  version: '1.2.3',
  headstart: `^${CORE_VERSION}`,
  setup: ({ strategies }) => strategies.add(strategy),
};
const packageJson: PackageManifest = {
  name: 'headstart-plugin-probe',
  version: '1.2.3',
  keywords: ['headstart-plugin'],
  peerDependencies: { '@headstart/core': '^0.1.0', '@tensorflow/tfjs-core': '^4.22.0' },
  headstart: manifestOf(definePlugin(sound)()),
};
/** Training is tried in the tests of strategies. */
const check: PluginCheck = { packageJson, parts: { strategies: { probe: false } } };

const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((each) => each.dispose()));
let setUps = 0;

const faults: Readonly<
  Record<string, readonly [change: Partial<PluginDefinition<never>>, says: RegExp, check?: PluginCheck]>
> = {
  'works with another core': [{ headstart: '^9' }, /it is defined as plugins are: .*\^9/],
  'has a range that is none': [{ headstart: 'banana' }, /it is defined as plugins are: .*"banana"/],
  'has a version that is none': [{ version: 'newest' }, /it is defined as plugins are: its version "newest"/],
  'has a name that no package can have': [
    { name: 'My Plugin' },
    /it is defined as plugins are: "My Plugin" is no name/,
  ],
  'fails in setup': [
    { setup: () => void (undefined as never as string[]).length },
    /setup only registers: .*failed while it was set up/,
  ],
  'is called otherwise than its package': [{ name: 'probe' }, /package\.json agrees: it is called "probe"/],
  'has another version than its package': [{ version: '1.2.4' }, /package\.json agrees: it is version 1\.2\.4/],
  'cannot be found by its keyword': [
    {},
    /package\.json agrees: the keyword "headstart-plugin"/,
    { ...check, packageJson: { ...packageJson, keywords: [] } },
  ],
  'does not say that it needs core': [
    {},
    /package\.json agrees: @headstart\/core is not among/,
    { ...check, packageJson: { ...packageJson, peerDependencies: {} } },
  ],
  'brings another tfjs-core': [
    {},
    /package\.json agrees: it asks for @tensorflow\/tfjs-core 3\.0\.0/,
    {
      ...check,
      packageJson: {
        ...packageJson,
        dependencies: { '@tensorflow/tfjs-core': '3.0.0' },
        peerDependencies: { '@headstart/core': '*' },
      },
    },
  ],
  'has no manifest': [
    {},
    /its manifest is what setup adds: .*has no "headstart"/,
    { ...check, packageJson: { ...packageJson, headstart: undefined } },
  ],
  'has a manifest without an api': [
    {},
    /its manifest is what setup adds: .*api/,
    { ...check, packageJson: { ...packageJson, headstart: { contributes: {} } } },
  ],
  'adds what its manifest does not have': [
    {},
    /its manifest is what setup adds: strategies "probe": setup adds it, and the manifest does not have it/,
    { ...check, packageJson: { ...packageJson, headstart: { api: 1, contributes: {} } } },
  ],
  'makes a tensor in setup': [
    { setup: (context) => (kept.push(scalar(1)), sound.setup(context)) },
    /setup only registers: setup makes 1 tensor/,
  ],
  'reads a file in setup': [
    {
      setup: (context) => (
        readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url))), sound.setup(context)
      ),
    },
    /setup only registers: setup reads .*README\.md/,
  ],
  'starts a timer in setup': [
    {
      setup(context) {
        const timer = setInterval(() => {}, 1e6);
        kept.push({ dispose: () => clearInterval(timer) });
        sound.setup(context);
      },
    },
    /setup only registers: setup leaves Timeout behind/,
  ],
  'opens a server in setup': [
    {
      setup(context) {
        const server = createServer().listen(0, '127.0.0.1');
        kept.push({ dispose: () => server.close() });
        sound.setup(context);
      },
    },
    /setup only registers: setup leaves TCPSERVERWRAP/,
  ],
  'can be set up once only': [
    {
      setup({ strategies }) {
        strategies.add({ ...strategy, id: setUps++ === 2 ? 'probe' : `probe-${setUps}` });
      },
    },
    /it can be set up twice: setup adds strategy probe-?\d*, and then strategy probe/,
  ],
  'adds nothing': [{ setup() {} }, /it can be set up twice: setup adds nothing/, { packageJson }],
  'takes options of any name': [
    { options: z.looseObject({}) as never },
    /unknown options are refused: an option that there is not is accepted/,
  ],
  'has a broken strategy': [
    { setup: ({ strategies }) => strategies.add({ ...strategy, plan: () => [] }) },
    /^checkStrategy: Plugin "headstart-plugin-probe", strategy "probe": it plans for/,
    { packageJson },
  ],
  'has a broken metric': [
    {
      setup: ({ metrics, ...context }) => {
        metrics.add({ id: 'odd', kind: 'scores', description: 'Odd', compute: () => NaN });
        sound.setup(context as never);
      },
    },
    /^checkMetric: Plugin "headstart-plugin-probe", metric "odd": it gives a finite/,
    { parts: check.parts },
  ],
};

describe('checkPlugin', () => {
  it('accepts a plugin, called or not, and one that is imported', async () => {
    await checkPlugin(definePlugin(sound), check);
    await checkPlugin(definePlugin(sound)(), check);
    await checkPlugin(async () => ({ default: definePlugin(sound) }), check);
  });

  it("accepts core's own small domain", async () => {
    await checkPlugin(pointPlugin);
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says, checked = check]) => {
    const plugin = definePlugin({ ...sound, ...change });
    await expect(checkPlugin(plugin, checked)).rejects.toThrow(says);
  });

  it('says which parts there are where another is named', async () => {
    const parts = { strategies: { prob: false } } as const;
    await expect(checkPlugin(definePlugin(sound), { parts })).rejects.toThrow(
      /parts name the strategy "prob", which is not among probe/,
    );
  });

  it.each([
    ['does not give a plugin', async () => ({}), /no default export/],
    [
      'starts a timer when it is imported',
      async () => {
        const timer = setInterval(() => {}, 1e6);
        kept.push({ dispose: () => clearInterval(timer) });
        return { default: definePlugin(sound) };
      },
      /importing it only defines: the import leaves Timeout behind/,
    ],
  ])('catches a module that %s', async (_, load, says) => {
    await expect(checkPlugin(load as never, check)).rejects.toThrow(says);
  });
});
