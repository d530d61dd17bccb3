import { readRegular } from '@headstart/artifacts/storage';

import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { installLine } from '@headstart/core/manifest';
import { invalid } from './check-config.ts';
import { parseJson } from './parse-json.ts';

export interface LoadFileOptions {
  /** Packages that a script may import wherever they are installed, by name. */
  readonly given: Readonly<Record<string, object>>;
  /** What to write in a script that exports nothing. */
  readonly example: string;
}

/**
 * What a file of JSON holds, or the default export of a script, which is run.
 * @throws HeadstartError `config-invalid` with the line where it failed; `plugin-missing` where a package that it imports is not installed
 */
export async function loadFile(file: string, { given, example }: LoadFileOptions): Promise<unknown> {
  if (extname(file) === '.json') return parseJson(file, await readText(file));
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await importScript(file, given);
  } catch (error) {
    throw await scriptError(file, error);
  }
  if (!('default' in module)) throw invalid(file, 'there is no default export', `Write: ${example}`);
  return module['default'];
}

async function readText(file: string): Promise<string> {
  try {
    return (await readRegular(file)).toString('utf8');
  } catch (error) {
    throw storageError('read', file, error);
  }
}

async function importScript(file: string, given: LoadFileOptions['given']): Promise<Readonly<Record<string, unknown>>> {
  if (!/^\.m?ts$/.test(extname(file))) return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    interopDefault: false,
    fsCache: false,
    // They are there also where only the command is installed, not the package in the project.
    virtualModules: given,
  });
  return jiti.import(file);
}

async function scriptError(file: string, error: unknown): Promise<HeadstartError> {
  if (HeadstartError.is(error)) return error;
  const reason: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { message, stack = '', code } = reason;
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' ? missingPackage(message) : undefined;
  if (missing !== undefined) {
    return new HeadstartError({
      code: 'plugin-missing',
      message: `${file} imports ${missing}, which is not installed.`,
      hint: `Install it (${installLine([missing])}), or take it out of the configuration.`,
      install: missing,
      cause: error,
    });
  }
  const at =
    placeIn(file, `${stack}\n${message}`) ?? (reason instanceof SyntaxError ? await parseProblem(file) : undefined);
  const what = message.split('\n', 1)[0]!.trim();
  return invalid(
    file,
    `it failed${at ? ` at line ${at}` : ''}: ${what.replace(/\.$/, '')}`,
    'Correct the configuration.',
    error,
  );
}

/** The package of a specifier that was not found; undefined for a file. */
function missingPackage(message: string): string | undefined {
  const specifier = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1];
  return specifier && /^(?:@[a-z0-9._-]+\/)?[a-z0-9][a-z0-9._-]*/i.exec(specifier)?.[0];
}

/** The first place of a stack that is in the configuration itself, as `line` or `line:column`. */
function placeIn(file: string, stack: string): string | undefined {
  for (const name of [pathToFileURL(file).href, file]) {
    const found = stack.split(name)[1]?.match(/^:(\d+(?::\d+)?)/)?.[1];
    if (found) return found;
  }
  return undefined;
}

/** Where a script cannot be parsed: Node does not say it of modules that are imported. */
async function parseProblem(file: string): Promise<string | undefined> {
  const { parseModule } = await import('magicast');
  try {
    parseModule(await readText(file));
    return undefined;
  } catch (error) {
    const { loc } = error as { readonly loc?: { readonly line: number; readonly column: number } };
    return loc && `${loc.line}:${loc.column + 1}`;
  }
}
