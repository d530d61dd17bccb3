import { describe, expect, it } from 'vitest';
import { definePlugin, type PluginContext } from './plugin.ts';
import { checkManifest } from './check-manifest.ts';
import { PLUGIN_API, type Contributions } from './manifest.ts';
import { manifestDifferences } from './manifest-differences.ts';
import { manifestOf } from './manifest-of.ts';
import { ARTIFACTS } from '../runs/tokens.ts';

const PITCH = Symbol('Pitch');
const unused = () => {
  throw new Error('Nothing is called to list what a plugin adds.');
};
const card = { title: 'Tone net', description: 'Dense', trainedOn: 'none', licence: 'MIT', files: [] };

const plugin = definePlugin({
  name: 'headstart-tones',
  version: '2.0.0',
  headstart: '^0.1',
  setup({ sources, readers, exporters, metrics, services, events }: PluginContext<undefined>) {
    sources.add({ id: 'tone-net', modality: 'audio', card, open: unused });
    sources.addScheme({ scheme: 'tones', description: 'nets by file', resolve: unused });
    readers.add({ id: 'wav', modality: 'audio', description: 'Tones', task: 'pitch', detect: unused, read: unused });
    metrics.add({ id: 'octaves', kind: 'scores', description: 'Octaves apart', compute: unused });
    exporters.add({ format: 'midi', modality: 'audio', description: 'notes', write: unused });
    services.provide(PITCH, unused);
    services.replace(ARTIFACTS, unused);
    events.add(unused);
  },
});

const contributes: Contributions = {
  sources: [{ id: 'tone-net', modality: 'audio', ...card }],
  schemes: [{ scheme: 'tones', description: 'nets by file' }],
  readers: [{ id: 'wav', modality: 'audio', task: 'pitch', description: 'Tones' }],
  metrics: [{ id: 'octaves', kind: 'scores', description: 'Octaves apart' }],
  exporters: [{ format: 'midi', modality: 'audio', description: 'notes' }],
  services: ['Pitch'],
  replaces: ['Artifacts'],
  subscribes: true,
};

describe('the manifest of a plugin', () => {
  it('lists what its setup adds, kind by kind, as JSON has it', () => {
    const manifest = manifestOf(plugin());
    expect(manifest).toEqual({ api: PLUGIN_API, contributes });
    expect(checkManifest('headstart-tones', JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  it('may leave a kind and an optional field out', () => {
    const { title, trainedOn, licence } = card;
    const declared = { sources: [{ id: 'tone-net', modality: 'audio', title, trainedOn, licence }] };
    expect(checkManifest('x', { api: 1, contributes: declared })).toEqual({ api: 1, contributes: declared });
    expect(manifestDifferences(declared, { sources: contributes.sources })).toEqual([]);
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /"x".*headstart is missing, and has to be an object/],
    ['a text', 'yes', /headstart is "yes", and has to be an object/],
    ['no API', { contributes: {} }, /headstart has no "api", which has to be a whole number from 1/],
    ['an API of none', { api: 0, contributes: {} }, /headstart\.api is 0,/],
    ['no list', { api: 1 }, /headstart\.contributes is missing/],
    ['a slip at the top', { api: 1, contribute: {}, contributes: {} }, /"contribute".*Did you mean "contributes"\?/],
    ['a slip in a kind', { api: 1, contributes: { source: [] } }, /"source".*Did you mean "sources"\?/],
    [
      'a kind that is no list',
      { api: 1, contributes: { tasks: {} } },
      /contributes\.tasks is \{\}, and has to be a list/,
    ],
    [
      'a field of another kind',
      { api: 1, contributes: { strategies: [{ id: 'a', start: 'middle', description: 'b' }] } },
      /strategies\[0\]\.start is "middle", and has to be "source" or "random"/,
    ],
    [
      'a field too few',
      { api: 1, contributes: { exporters: [{ format: 'a' }] } },
      /exporters\[0\] has no "description"/,
    ],
    [
      'a slip in a field',
      { api: 1, contributes: { exporters: [{ format: 'a', description: 'b', modalty: 'text' }] } },
      /"modalty".*Did you mean "modality"\?/,
    ],
    [
      'a name twice',
      { api: 1, contributes: { schemes: [1, 2].map(() => ({ scheme: 'a', description: 'b' })) } },
      /schemes has "a" twice/,
    ],
    [
      'names that are none',
      { api: 1, contributes: { services: [1] } },
      /services is \[1\], and has to be a list of texts/,
    ],
  ])('is refused with the package, the field and its value: %s', (_, value, says) => {
    const refusal = thrownBy(() => checkManifest('x', value));
    expect(refusal).toMatchObject({ code: 'plugin-invalid' });
    expect(`${refusal.message} ${refusal.hint}`).toMatch(says);
    expect(refusal.hint).toMatch(/Update x/);
  });

  it('is refused where it is of a newer API, whatever else that has', () => {
    const refusal = thrownBy(() => checkManifest('x', { api: PLUGIN_API + 1, contributes: { voices: 7 } }));
    expect(refusal).toMatchObject({ code: 'plugin-incompatible' });
    expect(refusal.message).toContain(`version ${PLUGIN_API + 1} of the plugin API; here it is ${PLUGIN_API}`);
  });

  it('differs from setup by names on either side, by fields, and by services', () => {
    const declared: Contributions = {
      ...contributes,
      schemes: [{ scheme: 'noises', description: 'nets by file' }],
      readers: [{ id: 'wav', modality: 'audio', task: 'tempo', description: 'Tones' }],
      services: ['Tempo', 'Pitch'],
      subscribes: false,
    };
    expect(manifestDifferences(declared, manifestOf(plugin()).contributes)).toEqual([
      'schemes "noises": the manifest has it, and setup does not add it.',
      'schemes "tones": setup adds it, and the manifest does not have it.',
      'readers "wav": the manifest\'s task is "tempo", that of setup "pitch".',
      'services "Tempo": the manifest has it, and setup does not add it.',
      'subscribes: the manifest says false, setup adds a subscriber.',
    ]);
  });
});

function thrownBy(work: () => unknown): { code: string; message: string; hint: string } {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string; hint: string };
  }
  throw new Error('It was not refused.');
}
