import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPluginCommand } from './command.ts';
import { optionNames, schema } from './options.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'headstart-create-'));
});
afterEach(() => rm(cwd, { recursive: true }));

/** Runs the command; with keys, on a terminal where they are typed when a question of the text before them is asked. */
async function run(args: string[], answers?: readonly (readonly [question: string, keys: string])[]) {
  const out: string[] = [];
  const err: string[] = [];
  const host = {
    cwd,
    client: 'pnpm',
    print: (line: string) => out.push(line),
    complain: (line: string) => err.push(line),
  };
  const status = await createPluginCommand(args, { ...host, terminal: answers && typing(answers) });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

function typing(answers: readonly (readonly [question: string, keys: string])[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const waiting = [...answers];
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const next = waiting[0];
    if (next === undefined || !shown.includes(next[0])) return;
    waiting.shift();
    shown = '';
    setImmediate(() => input.write(next[1]));
  });
  return { input, output };
}

const ENTER = '\r';
const DOWN = '\u001b[B';

describe('npm create @headstart/plugin', () => {
  it('makes the package and says what to do next, with the client in use', async () => {
    const { status, out, err } = await run(['@acme/headstart-plugin-tones', '--kind', 'reader']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('  cd headstart-plugin-tones\n  pnpm install\n  pnpm test');
    expect(await readdir(cwd)).toEqual(['headstart-plugin-tones']);
  });

  it.each([
    [[], 'the name of the package and --kind'],
    [['tones'], '--kind'],
    [['--kind', 'task', '--yes'], 'the name of the package'],
  ])('without a terminal, %j is wrong usage', async (args, missing) => {
    const { status, err } = await run(args);
    expect(status).toBe(2);
    expect(err).toContain(`Missing: ${missing}, and nobody is there to be asked. [usage]`);
    expect(err).toContain('npm create @headstart/plugin <name> -- --kind <source | reader | task | strategy | metric>');
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    [['tones', '--kind', 'metrics'], 2, 'Did you mean "metric"?'],
    [['tones', '--kind', 'metric', '--license', 'mit'], 2, 'Did you mean "MIT"?'],
    [['tones', '--knid', 'metric'], 2, "unknown option '--knid' (Did you mean --kind?)"],
    [['tones', '--kind'], 2, '--kind <kind>'],
    [['tones', 'more', '--kind', 'metric'], 2, 'too many arguments'],
    [['../tones', '--kind', 'metric'], 2, 'cannot be the name of a new package'],
    [['tones', '--kind', 'metric', '--directory', ''], 2, 'has no name'],
    [['tones', '--kind', 'metric', '--directory', '.'], 0, ''],
    [['fine-tune', '--kind', 'strategy'], 1, 'there is a strategy "fine-tune" already'],
  ])('%j ends with %i: %s', async (args, expected, said) => {
    const { status, err } = await run(args);
    expect(status).toBe(expected);
    expect(err).toContain(said);
  });

  it('offers in its help what Nx offers: the options of the schema, with their values and defaults', async () => {
    const { status, out } = await run(['--help']);
    expect(status).toBe(0);
    const text = out.replaceAll(/\s+/g, ' ');
    for (const name of optionNames) {
      const { description, enum: values, default: preset } = schema.properties[name];
      expect(text).toContain(name === 'name' ? `${name} ${description}` : `--${name} <${name}> ${description}`);
      if (values) expect(text).toContain(values.join(', '));
      if (preset) expect(text).toContain(`(default: ${preset})`);
    }
  });
});

describe('on a terminal', () => {
  it('asks for what is missing, and only for that', async () => {
    const { status, err } = await run(
      ['--license', 'MIT'],
      [
        ['What is the package called?', `Tones${ENTER}`],
        ['capital letters', `${'\u007f'.repeat(5)}tones${ENTER}`],
        ['What does it add?', `${DOWN}${DOWN}${ENTER}`],
      ],
    );
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(await readdir(join(cwd, 'tones', 'src'))).toContain('task.ts');
  });

  it('asks nothing with --yes', async () => {
    const { status } = await run(['tones', '--kind', 'metric', '--yes'], []);
    expect(status).toBe(0);
  });

  it('writes nothing where the questions are broken off', async () => {
    const { status, err } = await run(['tones'], [['What does it add?', '\u0003']]);
    expect(status).toBe(1);
    expect(err).toContain('[interrupted]');
    expect(await readdir(cwd)).toEqual([]);
  });
});
