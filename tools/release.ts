// `npm run release -- --dry-run`: the versions and the changelog of the next release, from the version plans in
// .nx/version-plans; without --dry-run it writes and commits them, builds, and publishes what the build laid out.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Origin } from './publishing/published-manifest.ts';
import type { Manifest } from './workspace/packages.ts';
import { workspaceRoot } from './workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from './workspace/source-mode.mjs';

/** Runs a program with this terminal. @throws Error when it ends badly */
function run(args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(process.execPath, args, { cwd: workspaceRoot, stdio: 'inherit', env });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}.`);
}

/** One of the workspace's own programs. */
const program = (name: string) => run([...sourceArguments, join(workspaceRoot, 'tools', name)], sourceEnvironment());

const nx = (...args: string[]) =>
  run([join(workspaceRoot, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), 'release', ...args], {
    ...process.env,
    NX_DAEMON: 'false',
  });

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
if (values['dry-run']) {
  nx('--skip-publish', '--dry-run');
} else {
  const { repository } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as Origin;
  if (repository === undefined)
    throw new Error(
      'package.json names no "repository", to which npm ties the provenance of what is published: write its address ' +
        'there, { "type": "git", "url": … }; every package takes it from there.',
    );
  nx('--skip-publish');
  program('versions.ts');
  const { version } = JSON.parse(
    readFileSync(join(workspaceRoot, 'packages', 'headstart', 'package.json'), 'utf8'),
  ) as Manifest;
  execFileSync('git', ['commit', '--all', '--message', `Release ${version}`], { cwd: workspaceRoot, stdio: 'inherit' });
  execFileSync('git', ['tag', `v${version}`], { cwd: workspaceRoot, stdio: 'inherit' });
  program('build.ts');
  nx('publish');
}
