import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installLine, packageManager } from './package-manager.ts';

let root: string;
let deep: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-manager-'));
  deep = join(root, 'packages', 'app');
  await mkdir(deep, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

it.each([
  ['package-lock.json', 'npm', 'npm install a b@1'],
  ['pnpm-lock.yaml', 'pnpm', 'pnpm add a b@1'],
  ['yarn.lock', 'yarn', 'yarn add a b@1'],
  ['bun.lock', 'bun', 'bun add a b@1'],
] as const)('knows the package manager by %s above the folder', async (file, manager, line) => {
  await writeFile(join(root, file), '');
  expect(packageManager(deep, {})).toBe(manager);
  expect(installLine(['a', 'b@1'], manager)).toBe(line);
});

it('takes what the nearest package.json names before a lock file further up, and who started it before npm', async () => {
  await writeFile(join(root, 'yarn.lock'), '');
  await writeFile(join(deep, 'package.json'), '{ "packageManager": "pnpm@10.1.0+sha512.aa" }');
  expect(packageManager(deep, { npm_config_user_agent: 'bun/1.0' })).toBe('pnpm');
  await writeFile(join(deep, 'package.json'), '{ "packageManager": "cargo@1" }');
  expect(packageManager(deep, {})).toBe('yarn');
  await rm(join(root, 'yarn.lock'));
  expect(packageManager(deep, { npm_config_user_agent: 'pnpm/10.0.0 npm/? node/v22' })).toBe('pnpm');
  expect(packageManager(deep, { npm_config_user_agent: 'deno/2' })).toBe('npm');
});
