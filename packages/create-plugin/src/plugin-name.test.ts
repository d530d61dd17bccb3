import { describe, expect, it } from 'vitest';
import { parsePluginName } from './plugin-name.ts';

describe('the name of a plugin', () => {
  it.each([
    ['tones', 'tones', 'tones', 'Tones'],
    ['headstart-plugin-tone-net', 'headstart-plugin-tone-net', 'tone-net', 'Tone net'],
    ['headstart-tones', 'headstart-tones', 'tones', 'Tones'],
    ['headstarter', 'headstarter', 'headstarter', 'Headstarter'],
    ['@acme/headstart-plugin-tones', 'headstart-plugin-tones', 'tones', 'Tones'],
    ['@acme/headstart-plugin', 'headstart-plugin', 'acme', 'Acme'],
    ['3d.net_v2', '3d.net_v2', '3d-net-v2', '3d net v2'],
    ['@acme/http', 'http', 'http', 'Http'],
  ])('%s gives folder %s, id %s and title %s', (packageName, folder, id, title) => {
    expect(parsePluginName(packageName)).toEqual({ packageName, folder, id, title });
  });

  it.each([
    '',
    ' ',
    'My-Plugin',
    'my plugin',
    '../plugin',
    '..',
    '.hidden',
    '_private',
    '/etc/plugin',
    'a/b',
    'a\\b',
    'a\nb',
    '@acme',
    '@acme/',
    '@acme/..',
    '@acme/.hidden',
    '@acme/node_modules',
    '@acme/../../plugin',
    '@../plugin',
    '@acme/a/b',
    'node_modules',
    'http',
    'ton~es',
    "it's",
    'tönes',
    'a'.repeat(215),
    'headstart-plugin',
    '-',
  ])('%j is refused', (name) => {
    expect(() => parsePluginName(name)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringMatching(/ cannot be the name of a new package: .+\.$/s) as string,
      }),
    );
  });
});
