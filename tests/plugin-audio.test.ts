import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audioPlugin as plugin, writeGlides } from '../tools/workspace/audio-plugin.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../tools/workspace/source-mode.mjs';

// The plugin finds the compiled packages as any other package would, through node_modules of the folders above it.
const command = join(workspaceRoot, 'packages', 'cli', 'src', 'main.ts');
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
  it('passes its own tests on the compiled packages', { timeout: 300_000 }, () => {
    expect(failureOf(['vitest', 'vitest.mjs'], 'run')).toBe('');
  });
});

describe('the command, with the plugin in its configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plugin-audio-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(plugin, join(folder, 'node_modules', 'headstart-plugin-audio'), 'junction');
    writeFileSync(
      join(folder, 'headstart.config.mjs'),
      "import audio from 'headstart-plugin-audio';\nexport default { plugins: [audio()] };\n",
    );
    await writeGlides(join(folder, 'words'), 10);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the command in the folder. @returns its document, or what it printed where it failed */
  function headstart(...args: string[]): unknown {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...sourceArguments, command, ...args, '--json'], {
      cwd: folder,
      env: sourceEnvironment(),
      encoding: 'utf8',
    });
    return status === 0 ? JSON.parse(stdout) : `${stdout}${stderr}`;
  }

  it('trains on recordings, predicts, explains and exports', { timeout: 300_000 }, () => {
    expect(headstart('train', 'words', '--split', '60/0/40', '--out', 'model')).toMatchObject({
      task: 'audio-classification',
      source: 'ds-cnn-words',
      metrics: { test: { accuracy: 1, worstRecall: 1 } },
    });
    const clip = join('words', 'rise', '3.wav');
    expect(headstart('predict', 'model', clip, '--explain', 'why.png')).toMatchObject([{ label: 'rise' }]);
    expect(readFileSync(join(folder, 'why.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(headstart('export', 'model', '--format', 'tfjs', '--out', 'web')).toMatchObject({});
    expect(existsSync(join(folder, 'web', 'model.json'))).toBe(true);
    expect(headstart('predict', 'model', 'headstart.config.mjs')).toContain('sample-unreadable');
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
