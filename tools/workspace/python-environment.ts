import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';

const run = promisify(execFile);

/** Python packages that a measurement compares with, in an environment of their own. */
export interface PythonPackages {
  /** What the environment's folder in the cache begins with, and errors call the packages. */
  readonly name: string;
  /** The file of requirements. */
  readonly requirements: string;
  /** Said before the environment is made. */
  readonly announce: string;
  /** A Python program that fails where they do not work. */
  readonly check: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The Python of an environment that holds what the requirements name, made in the cache where it is missing; another list
 * makes another environment.
 *
 * @throws HeadstartError `not-supported` without Python 3, venv or pip, `backend-failed` where pip fails
 */
export async function pythonEnvironment(packages: PythonPackages, say: (line: string) => void): Promise<string> {
  const { name, requirements, announce, check, env } = packages;
  const folder = join(cacheRoot(), `${name}-${await requirementsDigest(requirements)}`);
  const python = interpreter(folder);
  if (existsSync(join(folder, 'complete'))) return python;
  const base = await basePython();
  await rm(folder, { recursive: true, force: true });
  say(announce);
  try {
    await run(base, ['-m', 'venv', folder]);
  } catch (cause) {
    throw unsupported(
      'Python cannot make a virtual environment',
      'Install the venv and ensurepip modules (on Debian the package python3-venv).',
      cause,
    );
  }
  await installRequirements(python, name, requirements);
  await run(python, ['-c', check], { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 });
  await writeFile(join(folder, 'complete'), '');
  return python;
}

/** What tells a list of requirements from others. */
export async function requirementsDigest(list: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(list, 'utf8'))
    .digest('hex')
    .slice(0, 12);
}

/** @throws HeadstartError `backend-failed` */
export async function installRequirements(python: string, name: string, ...lists: string[]): Promise<void> {
  try {
    await run(python, ['-m', 'pip', 'install', '--quiet', ...lists.flatMap((list) => ['--requirement', list])], {
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-failed',
      message: `pip could not install ${name}: ${tail((cause as { stderr?: string }).stderr ?? String(cause))}`,
      hint: "Check pip's settings (index, proxy, certificates) and the free space of the cache folder, then run the command again.",
      cause,
    });
  }
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
  throw unsupported(
    'Python 3.10 or newer was not found',
    'Install Python 3 with venv and pip; what is compared with are Python libraries. Headstart itself needs none.',
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
