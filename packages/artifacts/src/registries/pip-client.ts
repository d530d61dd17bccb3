import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { unreachable } from '../artifact-errors.ts';
import type { PypiUri, WheelTags } from '../artifact-uri.ts';
import type { FetchedArchive, FetchRequest } from '../archives/fetched-archive.ts';
import { runClient, type ClientRun } from './run-client.ts';

/** The Python that has pip here. */
export interface Pip {
  python: string;
  /** Lists of settings as pip itself merges them, and the index that pip uses where none is set. */
  settings: Record<string, string>;
  defaultIndex: string | undefined;
}

const DESCRIBE =
  'import json\n' +
  'from pip._internal.configuration import Configuration\n' +
  'c = Configuration(isolated=False)\n' +
  'c.load()\n' +
  'd = {}\n' +
  'for k, v in c.items():\n' +
  '    d.update(v if isinstance(v, dict) else {k: v})\n' +
  'try:\n' +
  '    from pip._internal.models.index import PyPI\n' +
  '    u = PyPI.simple_url\n' +
  'except Exception:\n' +
  '    u = None\n' +
  'print(json.dumps({"settings": {k: str(v) for k, v in d.items()}, "defaultIndex": u}))\n';

/** Whether pip is here, and how it is set up. */
export async function findPip(cwd: string, env: NodeJS.ProcessEnv): Promise<Pip | undefined> {
  for (const python of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    const run = await runClient(python, ['-m', 'pip', '--version'], { cwd, env });
    if (run.status !== 0) continue;
    const described = await runClient(python, ['-c', DESCRIBE], { cwd, env });
    const { settings = {}, defaultIndex = undefined } =
      described.status === 0 ? (JSON.parse(described.stdout) as Partial<Pip>) : {};
    return { python, settings, defaultIndex: defaultIndex ?? undefined };
  }
  return undefined;
}

/** The flags under which pip chooses a wheel for `tags`, whichever Python it runs on itself. */
function tagFlags(tags: WheelTags | undefined): string[] {
  if (!tags) return ['--python-version', '3', '--implementation', 'py', '--abi', 'none', '--platform', 'any'];
  return [
    ...['--python-version', tags.python, '--implementation', 'cp'],
    ...(tags.abi ? ['--abi', tags.abi] : []),
    ...tags.platforms.flatMap((platform) => ['--platform', platform]),
  ];
}

/**
 * Fetches a wheel with pip's own client, which knows the user's index, proxy and certificates and checks
 * the index's digests. Source archives are left alone: pip would run their code.
 *
 * @returns undefined where pip knows no fitting wheel
 * @throws HeadstartError `artifact-unreachable`, `artifact-digest`, `storage-*`
 */
export async function fetchWithPip(pip: Pip, uri: PypiUri, request: FetchRequest): Promise<FetchedArchive | undefined> {
  const watching = watch(request);
  const run = await runClient(
    pip.python,
    [
      ...[
        '-m',
        'pip',
        'download',
        '-v',
        '--no-input',
        '--disable-pip-version-check',
        '--no-cache-dir',
        '--progress-bar',
        'off',
      ],
      ...['--no-deps', '--only-binary=:all:', '--ignore-requires-python', ...tagFlags(uri.tags)],
      ...['--dest', join(request.staging, 'wheel'), `${uri.name}==${uri.version}`],
    ],
    {
      cwd: request.staging,
      env: { ...request.env, TMPDIR: request.staging, PIP_REQUIRE_VIRTUALENV: '0', PYTHONUTF8: '1' },
    },
  ).finally(() => clearInterval(watching));
  if (run.status === 0) {
    const wheel = (await readdir(join(request.staging, 'wheel'))).find((name) => name.endsWith('.whl'));
    if (wheel) return { path: join(request.staging, 'wheel', wheel), strip: 0, via: 'pip' };
  }
  const said = run.stdout + run.stderr;
  if (/No matching distribution found/.test(said) && !/Could not fetch URL .*: (?!4\d\d Client Error)/.test(said))
    return undefined;
  throw failure(request, run, said);
}

function failure(request: FetchRequest, run: ClientRun, said: string): HeadstartError {
  const lines = said.split('\n').map((line) => line.trim());
  const telling =
    lines.find((line) => /Could not fetch URL|No space left|HASH|DO NOT MATCH/i.test(line)) ??
    lines.findLast((line) => line.startsWith('ERROR:'));
  const why = `pip said: ${withoutPassword(telling ?? `exit status ${run.status}`).slice(0, 500)}`;
  if (/No space left on device|Errno 28/.test(said))
    return storageError('write', request.staging, Object.assign(new Error(why), { code: 'ENOSPC' }));
  if (/THESE PACKAGES DO NOT MATCH THE HASHES/i.test(said)) {
    return new HeadstartError({
      code: 'artifact-digest',
      message: `${request.label} does not have the digest that its index states. ${why}`,
      hint: 'Try again; if it stays wrong, do not use the package.',
    });
  }
  return unreachable(
    request.label,
    why,
    'Check the network and pip\'s settings ("pip config list": index-url, proxy, cert), or copy the cache folder from a machine that has it.',
  );
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/\s@]+@/g, '//');
}

/** pip reports no progress to programs, but its growing file can be seen. */
function watch({ staging, progress }: FetchRequest): NodeJS.Timeout {
  return setInterval(() => {
    void folderBytes(staging).then(
      (bytes) => progress.update(bytes),
      () => {},
    );
  }, 250).unref();
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes = Math.max(bytes, (await stat(join(entry.parentPath ?? entry.path, entry.name))).size);
  }
  return bytes;
}
