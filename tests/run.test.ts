import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../tools/workspace/source-mode.mjs';

it('run.mjs answers an unknown command with its usage and exit code 2', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(workspaceRoot, 'tools/run.mjs'), 'tets'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('Usage: node tools/run.mjs');
});

it('a program in source mode loads packages from their sources, with parameter decorators, from any folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headstart-source-'));
  const program = join(workspaceRoot, 'tests', 'fixtures', 'source-mode.ts');
  try {
    writeFileSync(join(folder, 'tsconfig.json'), '{ "files": [] }');
    const { status, stdout, stderr } = spawnSync(process.execPath, [...sourceArguments, program], {
      cwd: folder,
      env: sourceEnvironment(),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      seed: 7,
      core: expect.stringMatching(/packages\/core\/src\/index\.ts$/) as string,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('npm test says which Node it needs, and still ends with its closing line', () => {
  const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } })";
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(older)}`, join(workspaceRoot, 'tools/run.mjs'), 'test'],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain('Headstart needs Node 20.19 or newer and this is Node 20.18.3.');
  expect(stdout).toBe('0 passed, 1 failed\n');
  expect(status).toBe(1);
});
