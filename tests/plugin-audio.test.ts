import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../tools/workspace/root.mjs';

// A package outside the workspace: it finds the compiled packages as any other package would, through node_modules of the
// folders above it.
const plugin = join(workspaceRoot, 'examples', 'plugin-audio');
const page = join(workspaceRoot, 'docs', 'a-domain-in-200-lines.md');

/** Runs a tool of the workspace in the plugin's folder. @returns what it printed where it failed, else nothing */
function failureOf(tool: readonly string[], ...args: string[]): string {
  const program = join(workspaceRoot, 'node_modules', ...tool);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: plugin, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

const tsc = ['typescript', 'bin', 'tsc'];

beforeAll(() => {
  if (!existsSync(join(workspaceRoot, 'packages', 'cli', 'dist', 'main.js'))) {
    expect(failureOf(tsc, '-b', join(workspaceRoot, 'packages', 'cli'))).toBe('');
  }
  expect(failureOf(tsc, '-p', 'tsconfig.build.json')).toBe('');
});

describe('examples/plugin-audio', () => {
  it('uses public entries of core only', () => {
    const { workspaces } = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8')) as {
      workspaces: string[];
    };
    expect(workspaces).not.toContain('examples/*');
    expect(existsSync(join(plugin, 'node_modules', '@headstart'))).toBe(false);
  });

  it('passes its own tests on the compiled packages', () => {
    expect(failureOf(['vitest', 'vitest.mjs'], 'run')).toBe('');
  });
});

describe('docs/a-domain-in-200-lines.md', () => {
  const blocks = [
    ...readFileSync(page, 'utf8').matchAll(
      /^\[([^\]]+)\]\(\.\.\/examples\/plugin-audio\/([^)]+)\)\n\n```\w+\n([\s\S]*?)\n```$/gm,
    ),
  ].map(([, name, file, code]) => ({ name: name!, file: file!, code: code! }));

  it('shows parts of the files that it names', () => {
    expect(blocks.length).toBeGreaterThan(9);
    for (const { name, file, code } of blocks) {
      expect(name).toBe(file);
      expect(readFileSync(join(plugin, file), 'utf8')).toContain(code);
    }
  });
});
