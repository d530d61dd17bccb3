import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt');
const textRequirements = join(import.meta.dirname, 'requirements-text.txt');

/**
 * The Python of an environment that holds what requirements.txt names, made in the cache where it is
 * missing; another list makes another environment. What texts take beside it is added when it is asked for.
 *
 * @throws HeadstartError `not-supported` without Python 3, venv or pip, `backend-failed` where pip fails
 */
export async function peersPython(
  say: (line: string) => void,
  { texts }: { readonly texts: boolean },
): Promise<string> {
  const python = await basicPython(say);
  if (!texts) return python;
  const complete = join(environmentOf(python), `texts-${await digest(textRequirements)}`);
  if (existsSync(complete)) return python;
  say('Adding sentence-transformers to it. This happens once.');
  await install(python, requirements, textRequirements);
  await run(python, ['-c', 'import sentence_transformers, transformers'], { maxBuffer: 2 ** 26 });
  await writeFile(complete, '');
  return python;
}

async function basicPython(say: (line: string) => void): Promise<string> {
  const folder = join(cacheRoot(), `peers-${await digest(requirements)}`);
  const python = interpreter(folder);
  if (existsSync(join(folder, 'complete'))) return python;
  const base = await basePython();
  await rm(folder, { recursive: true, force: true });
  say('Making the Python environment of the peers: PyTorch, Keras and TensorFlow, about 2.5 GB. This happens once.');
  try {
    await run(base, ['-m', 'venv', folder]);
  } catch (cause) {
    throw unsupported(
      'Python cannot make a virtual environment',
      'Install the venv and ensurepip modules (on Debian the package python3-venv).',
      cause,
    );
  }
  await install(python, requirements);
  await run(python, ['-c', 'import torch, keras, tensorflow, safetensors'], {
    env: { ...process.env, KERAS_BACKEND: 'tensorflow' },
    maxBuffer: 2 ** 26,
  });
  await writeFile(join(folder, 'complete'), '');
  return python;
}

function interpreter(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/** The folder of an environment's interpreter. */
const environmentOf = (python: string) => dirname(dirname(python));

async function digest(list: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(list, 'utf8'))
    .digest('hex')
    .slice(0, 12);
}

/** @throws HeadstartError `backend-failed` */
async function install(python: string, ...lists: string[]): Promise<void> {
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', ...lists.flatMap((list) => ['--requirement', list])], {
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-failed',
      message: `pip could not install the peers: ${tail((cause as { stderr?: string }).stderr ?? String(cause))}`,
      hint: "Check pip's settings (index, proxy, certificates) and the free space of the cache folder, then run the command again.",
      cause,
    });
  }
}

/** A Python 3 on the PATH. */
async function basePython(): Promise<string> {
  for (const name of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    try {
      await run(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']);
      return name;
    } catch {
      // Not here, or too old: the next name.
    }
  }
  throw unsupported(
    'Python 3.10 or newer was not found',
    'Install Python 3 with venv and pip; the peers are Python libraries. Headstart itself needs none.',
  );
}

function unsupported(what: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `${what}, so there is nothing to measure against.`,
    hint,
    cause,
  });
}

/** The end of a program's complaint, in which the reason stands. */
export function tail(text: string, lines = 8): string {
  return text.trim().split('\n').slice(-lines).join('\n');
}
