import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npm } from '../workspace/npm.mjs';
import { workspaceRoot } from '../workspace/root.mjs';
import { resolutionProblems } from './resolution.ts';
import { pack } from './stage.ts';

/** Runs the real npm without a network. */
function runNpm(folder: string, ...options: string[]) {
  const { file, args, shell } = npm();
  return spawnSync(file, [...args, ...options, '--offline'], { cwd: folder, encoding: 'utf8', shell });
}

describe('a package in its source folder', () => {
  const folder = join(workspaceRoot, 'packages', 'artifacts');

  it('is not packed, and says what is', () => {
    const { status, stderr } = runNpm(folder, 'pack', '--dry-run', '--ignore-scripts=false');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/@headstart\/artifacts is not packed .*npm run build.*dist\/packages\/artifacts/s);
  });

  it('is not published, with scripts off either', () => {
    const { stderr } = runNpm(folder, 'publish', '--dry-run', '--ignore-scripts');
    expect(stderr).toContain('Skipping workspace @headstart/artifacts, marked as private');
  });
});

describe('resolutionProblems', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'headstart-sample-'));
    mkdirSync(join(folder, 'dist'));
    for (const path of ['README.md', 'LICENSE']) copyFileSync(join(workspaceRoot, path), join(folder, path));
    writeFileSync(join(folder, 'dist', 'index.js'), 'export const a = 1;\n');
    writeFileSync(join(folder, 'dist', 'index.d.ts'), 'export declare const a: number;\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const problems = (entry: Record<string, string>) => {
    const manifest = { name: 'sample', version: '1.0.0', type: 'module', license: 'Apache-2.0', files: ['dist'] };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, exports: { '.': entry } }));
    return resolutionProblems('sample', join(folder, pack(folder).filename));
  };

  it('finds none in a package of ES modules', async () => {
    expect(await problems({ types: './dist/index.d.ts', default: './dist/index.js' })).toEqual([]);
  });

  it('finds types that come too late and files that are not there', async () => {
    expect(await problems({ default: './dist/index.js', types: './dist/index.d.ts' })).toEqual([
      expect.stringMatching(/^sample, publint: .*types should be the first/),
      expect.stringMatching(/^sample, publint: .*default should be the last/),
    ]);
    expect(await problems({ types: './dist/main.d.ts', default: './dist/main.js' })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^sample, publint: .*dist\/main\.js/),
        expect.stringMatching(/^sample, types: .*NoResolution/),
      ]),
    );
  });
});
