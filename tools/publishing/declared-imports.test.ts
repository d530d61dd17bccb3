import { describe, expect, it } from 'vitest';
import { undeclaredImports } from './declared-imports.ts';

const manifest = {
  name: '@headstart/sample',
  version: '1.0.0',
  dependencies: { semver: '^7.0.0', '@scope/inner': '1.0.0' },
  devDependencies: { vitest: '4.0.0', typescript: '6.0.0' },
  peerDependencies: { sharp: '^0.35.0' },
};

const check = (text: string, path = 'dist/a.js') => undeclaredImports(manifest, new Map([[path, text]]));

describe('undeclaredImports', () => {
  it.each([
    "import { gt } from 'semver';",
    "import gt from 'semver/functions/gt.js';",
    "import '@scope/inner/part';",
    "const sharp = await import('sharp');",
    "import { join } from 'node:path'; import fs from 'fs';",
    "const api = require('pnpapi');",
    "export * from './other.js'; import x from '#own';",
    "import { Sample } from '@headstart/sample/part';",
    '// import "other";\nconst text = "import a from \'b\'"; const code = `import c from "d"`;',
  ])('takes what is declared: %s', (text) => {
    expect(check(text)).toEqual([]);
  });

  it.each([
    ["import './a.js'; import { x } from 'other';", 'other'],
    ["export { x } from '@other/part/deep.js';", '@other/part'],
    ["const x = await import('other');", 'other'],
    ["const x = require('other/deep');", 'other'],
    ["import { it } from 'vitest';", 'vitest'],
  ])('names what is not, a devDependency among it: %s', (text, name) => {
    expect(check(text)).toEqual([
      `@headstart/sample imports ${name} in dist/a.js without declaring it: name it in its package.json.`,
    ]);
  });

  it.each(["import type { T } from 'other';", "export declare const x: import('other').T;"])(
    'reads declarations, where types alone are imported: %s',
    (text) => {
      expect(check(text, 'dist/a.d.ts')).toHaveLength(1);
    },
  );
});
