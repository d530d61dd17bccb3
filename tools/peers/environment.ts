import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot, HeadstartError } from '@headstart/core';

const run = promisify(execFile);
const requirements = join(import.meta.dirname, 'requirements.txt');

/**
 * The Python of an environment that holds what requirements.txt names, made in the cache where it is
 * missing; another list makes another environment.
 *
 * @throws HeadstartError `not-supported` without Python 3, venv or pip, `backend-failed` where pip fails
 */
export async function peersPython(say: (line: string) => void): Promise<string> {
  const list = await readFile(requirements, 'utf8');
  const folder = join(cacheRoot(), `peers-${createHash('sha256').update(list).digest('hex').slice(0, 12)}`);
  const python = interpreter(folder);
  if (existsSync(join(folder, 'complete'))) return python;
  const base = await basePython();
  await rm(folder, { recursive: true, force: true });
  say('Making the Python environment of the peers: PyTorch, Keras and TensorFlow, about 2.5 GB. This happens once.');
  try {
    await run(base, ['-m', 'venv', folder]);
  } catch (cause) {
    throw unsupported('Python cannot make a virtual environment', 'Install the venv and ensurepip modules (on Debian the package python3-venv).', cause);
  }
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { maxBuffer: 2 ** 26 });
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-failed',
      message: `pip could not install the peers: ${tail((cause as { stderr?: string }).stderr ?? String(cause))}`,
      hint: "Check pip's settings (index, proxy, certificates) and the free space of the cache folder, then run the command again.",
      cause,
    });
  }
  await run(python, ['-c', 'import torch, keras, tensorflow, safetensors'], { env: { ...process.env, KERAS_BACKEND: 'tensorflow' }, maxBuffer: 2 ** 26 });
  await writeFile(join(folder, 'complete'), '');
  return python;
}

function interpreter(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
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
  throw unsupported('Python 3.10 or newer was not found', 'Install Python 3 with venv and pip; the peers are Python libraries. Headstart itself needs none.');
}

function unsupported(what: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'not-supported', message: `${what}, so there is nothing to measure against.`, hint, cause });
}

/** The end of a program's complaint, in which the reason stands. */
export function tail(text: string, lines = 8): string {
  return text.trim().split('\n').slice(-lines).join('\n');
}
