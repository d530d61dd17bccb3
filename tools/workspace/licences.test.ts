import { describe, expect, it } from 'vitest';
import { admit, runtimeDependencies } from './licences.ts';

describe('runtimeDependencies', () => {
  it('takes what is installed for users, once per version, and leaves development and the workspace out', () => {
    const lock = {
      packages: {
        '': { name: 'root', version: '1.0.0' },
        'packages/core': { version: '0.1.0', license: 'Apache-2.0' },
        'node_modules/@headstart/core': { link: true },
        'node_modules/b': { version: '2.0.0', license: '(MIT OR GPL-3.0)' },
        'node_modules/a': { version: '1.0.0', license: 'ISC' },
        'node_modules/b/node_modules/a': { version: '1.0.0', license: 'ISC' },
        'node_modules/only-dev': { version: '1.0.0', license: 'MIT', dev: true },
      },
    };
    expect(runtimeDependencies(lock)).toEqual([
      { name: 'a', version: '1.0.0', licence: 'ISC' },
      { name: 'b', version: '2.0.0', licence: 'MIT OR GPL-3.0' },
    ]);
  });

  it('refuses a package without a stated licence', () => {
    expect(() => runtimeDependencies({ packages: { 'node_modules/x': { version: '3.1.4' } } })).toThrow(
      'x 3.1.4 states no licence',
    );
  });
});

describe('admit', () => {
  const dependency = (licence: string, name = 'sample') => ({ name, version: '1.0.0', licence });

  it.each(['MIT', 'MIT OR GPL-3.0', 'BSD-3-Clause AND Apache-2.0'])('takes %s', (licence) => {
    expect(admit(dependency(licence))).toEqual([]);
  });

  it.each(['GPL-3.0', 'MIT AND GPL-3.0', 'LGPL-3.0-or-later', 'UNLICENSED', 'SEE LICENSE IN LICENSE'])(
    'refuses %s',
    (licence) => {
      expect(() => admit(dependency(licence))).toThrow(`sample 1.0.0 is under ${licence}`);
    },
  );

  it("takes libvips beside sharp with a note, and no other licence by sharp's exception", () => {
    expect(admit(dependency('LGPL-3.0-or-later', '@img/sharp-libvips-linux-x64'))).toEqual([
      expect.stringContaining('libvips'),
    ]);
    expect(() => admit(dependency('GPL-3.0', '@img/sharp-libvips-linux-x64'))).toThrow('GPL-3.0');
  });
});
