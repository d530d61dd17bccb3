import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spawnCommand, spawnSource } from './testing/spawn-command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-main-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the real command, given bad input', () => {
  // Every kind of mistake in both forms is tested in command-line.test.ts; here are real processes and real names.
  it.each<[string, string[], number, string, RegExp]>([
    ['an unknown flag', ['train', 'mnist', '--epoch', '1'], 2, 'usage', /Did you mean --epochs\?/],
    [
      'an unknown source',
      ['train', 'mnist', '--source', 'smal-cnn', '--json'],
      1,
      'unknown-name',
      /Did you mean "small-cnn"\?/,
    ],
    [
      'an unknown strategy',
      ['train', 'mnist', '--strategy', 'linear-prob'],
      1,
      'unknown-name',
      /Did you mean "linear-probe"\?/,
    ],
    [
      'a target that is not there',
      ['train', './photos', '--json'],
      1,
      'target-not-found',
      /There is no file or folder \.\/photos/,
    ],
    [
      'a model folder that is not there',
      ['predict', 'runs/none', 'a.png', '--json'],
      1,
      'model-invalid',
      /no model folder runs\/none/,
    ],
  ])('says what is wrong with %s', async (_, args, code, errorCode, message) => {
    const outcome = await spawnCommand(args, { cwd: folder, env: { HEADSTART_CACHE: join(folder, 'cache') } });
    expect(outcome).toMatchObject({ code, signal: null });
    expect(outcome.stderr).not.toContain('    at ');
    if (args.includes('--json')) {
      const { error } = JSON.parse(outcome.stdout) as { error: { code: string; message: string; hint: string } };
      expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
      expect(error.code).toBe(errorCode);
      expect(`${error.message} ${error.hint}`).toMatch(message);
    } else {
      expect(outcome.stdout).toBe('');
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr).toContain(`[${errorCode}]`);
    }
    // Nothing is left behind by a command that could not start.
    expect(await readdir(folder)).toEqual([]);
  });
});

/** Dark and light squares, ten each. */
async function writePhotos(photos: string): Promise<void> {
  for (const [colour, fill] of Object.entries({ dark: 20, light: 220 })) {
    await mkdir(join(photos, colour), { recursive: true });
    for (let i = 0; i < 10; i++) {
      const grey = fill + i;
      const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="28" height="28"><rect width="28" height="28" fill="rgb(${grey},${grey},${grey})"/></svg>`;
      await writeFile(join(photos, colour, `${i}.svg`), picture);
    }
  }
}

describe('the real command', () => {
  it('ends quietly when nobody reads its output', async () => {
    const { code, stderr } = await spawnCommand(['datasets'], { cwd: folder, closeStdout: true });
    expect(code).toBe(0);
    expect(stderr).toBe('');
  });

  it('ends at once at the second Ctrl-C', async () => {
    const sent = new Set<string>();
    const program = fileURLToPath(new URL('testing/wait-for-interrupt.ts', import.meta.url));
    const { signal, stderr } = await spawnSource(program, [], {
      cwd: folder,
      onStderr(text, kill) {
        for (const word of ['ready', 'told']) {
          if (!text.includes(word) || sent.has(word)) continue;
          sent.add(word);
          kill('SIGINT');
        }
      },
    });
    expect(stderr).toMatch(/^ready\nStopping after this step.*\ntold\n$/);
    expect(signal).toBe('SIGINT');
  });

  it('keeps a checkpoint where its terminal is closed, and goes on from it, also after it diverged', async () => {
    await writePhotos(join(folder, 'photos'));
    const env = { HEADSTART_CACHE: join(folder, 'cache'), HEADSTART_BACKEND: 'cpu' };
    const source = ['--source', 'small-cnn:12x12x1', '--strategy', 'from-scratch'];
    let closed = false;
    const started = await spawnCommand(
      ['train', 'photos', ...source, '--epochs', '3', '--batch', '7', '--out', 'closed', '--json'],
      {
        cwd: folder,
        env,
        onStderr(text, kill) {
          if (closed || !text.includes('epoch 1/3')) return;
          closed = true;
          kill('SIGHUP');
        },
      },
    );
    expect(JSON.parse(started.stdout)).toMatchObject({ error: { code: 'interrupted' } });
    expect(await readdir(join(folder, 'closed'))).toContain('checkpoint.safetensors');

    const resume = (rate: string) =>
      spawnCommand(['train', '--resume', 'closed', '--learning-rate', rate, '--json'], { cwd: folder, env });
    const diverged = await resume('1e38');
    expect(diverged.code).toBe(1);
    expect(JSON.parse(diverged.stdout)).toMatchObject({
      error: {
        code: 'diverged',
        hint: expect.stringContaining(`headstart train --resume ${join(folder, 'closed')} --learning-rate`) as string,
      },
    });
    const done = await resume('0.001');
    expect(done).toMatchObject({ code: 0 });
    expect(JSON.parse(done.stdout)).toMatchObject({ strategy: 'from-scratch' });
  }, 240_000);

  it('trains, stops at Ctrl-C, resumes, predicts, evaluates and exports without a native library', async () => {
    await writePhotos(join(folder, 'photos'));
    const env = { HEADSTART_CACHE: join(folder, 'cache'), HEADSTART_BACKEND: 'cpu' };
    const source = ['--source', 'small-cnn:12x12x1', '--strategy', 'from-scratch'];
    let interrupted = false;
    const first = await spawnCommand(
      ['train', 'photos', ...source, '--epochs', '3', '--batch', '7', '--out', 'run', '--json'],
      {
        cwd: folder,
        env,
        onStderr(text, kill) {
          if (interrupted || !text.includes('epoch 1/3')) return;
          interrupted = true;
          kill('SIGINT');
        },
      },
    );
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({
      error: { code: 'interrupted', hint: `Continue with: headstart train --resume ${join(folder, 'run')}` },
    });

    const resumed = await spawnCommand(['train', '--resume', 'run', '--json'], { cwd: folder, env });
    expect(resumed).toMatchObject({ code: 0 });
    const result = JSON.parse(resumed.stdout) as {
      model: string;
      metrics: { test: { accuracy: number } };
      seed: number;
    };
    expect(result).toMatchObject({
      task: 'image-classification',
      strategy: 'from-scratch',
      seed: 0,
      backend: 'cpu',
      samples: { train: 14, validation: 2, test: 4 },
    });

    const [predicted, evaluated, exported] = await Promise.all([
      spawnCommand(['predict', 'run', 'photos', '--json'], { cwd: folder, env }),
      spawnCommand(['evaluate', 'run', 'photos', '--json'], { cwd: folder, env }),
      spawnCommand(['export', 'run', '--format', 'tfjs', '--out', 'web', '--json'], { cwd: folder, env }),
    ]);
    const predictions = JSON.parse(predicted.stdout) as { input: string; label: string }[];
    expect(predictions.map(({ input }) => input)).toEqual(
      ['dark', 'light'].flatMap((label) => Array.from({ length: 10 }, (_, i) => join('photos', label, `${i}.svg`))),
    );
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ metrics: result.metrics.test, samples: 4, split: 'test' });
    expect(JSON.parse(exported.stdout)).toMatchObject({ format: 'tfjs', directory: join(folder, 'web') });
    const graph = JSON.parse(await readFile(join(folder, 'web', 'model.json'), 'utf8')) as {
      userDefinedMetadata: { labels: string[] };
    };
    expect(graph.userDefinedMetadata.labels).toEqual(['dark', 'light']);
  }, 400_000);
});
