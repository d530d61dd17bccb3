import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staleVersions } from './stated-versions.ts';

describe('staleVersions', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headstart-versions-'));
    mkdirSync(join(folder, 'src', 'ports'), { recursive: true });
    path = join(folder, 'src', 'ports', 'version.ts');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const stale = () => staleVersions([{ folder, manifest: { name: 'sample', version: '1.3.0-rc.1' } }]);

  it('finds none in the workspace: what packages say of themselves is what their package.json has', () => {
    expect(staleVersions()).toEqual([]);
  });

  it('gives the text that states the version of package.json', () => {
    writeFileSync(path, "/** Of '1.2.0'. */\nexport const VERSION: string = '1.2.0';\n");
    const text = "/** Of '1.2.0'. */\nexport const VERSION: string = '1.3.0-rc.1';\n";
    expect(stale()).toEqual([{ path, text }]);
    writeFileSync(path, text);
    expect(stale()).toEqual([]);
  });

  it('refuses a file that states none', () => {
    writeFileSync(path, 'export const VERSION = read();\n');
    expect(stale).toThrow('states no version');
  });
});
