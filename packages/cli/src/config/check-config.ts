import { HeadstartError, nearestName, shown } from '@headstart/artifacts/errors';
import { parseByteSize } from '@headstart/core/options';
import type { ConfigDefaults, HeadstartConfig } from './config.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What each default has to be, and whether a value is that. */
const defaults: Readonly<Record<keyof ConfigDefaults, readonly [is: string, fits: (value: unknown) => boolean]>> = {
  backend: ['the name of an engine', (value) => typeof value === 'string' && value !== ''],
  device: ['"auto", "gpu" or "cpu"', (value) => ['auto', 'gpu', 'cpu'].includes(value as string)],
  threads: ['a whole number above zero', (value) => Number.isSafeInteger(value) && (value as number) > 0],
  memoryLimit: ['a size such as "4GiB", or a number of bytes', (value) => memoryBytes(value) !== undefined],
};

/** A memory limit in bytes; undefined where it is none. */
export function memoryBytes(value: unknown): number | undefined {
  return typeof value === 'string' ? parseByteSize(value) : Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** @throws HeadstartError `config-invalid` naming the file, the key and its value */
export function checkConfig(file: string, value: unknown): HeadstartConfig {
  if (!isObject(value)) throw invalid(file, `what it gives is ${shown(value)}, and has to be an object`);
  checkKeys(file, value, ['plugins', 'defaults']);
  if (value['plugins'] !== undefined) checkPlugins(file, value['plugins']);
  const given = value['defaults'];
  if (given !== undefined && !isObject(given))
    throw invalid(file, `defaults is ${shown(given)}, and has to be an object`);
  checkKeys(file, given ?? {}, Object.keys(defaults), 'defaults.');
  for (const [name, [is, fits]] of Object.entries(defaults)) {
    const each = given?.[name];
    if (each !== undefined && !fits(each))
      throw invalid(file, `defaults.${name} is ${shown(each)}, and has to be ${is}`);
  }
  return value;
}

function checkKeys(file: string, value: object, known: readonly string[], before = ''): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  throw invalid(
    file,
    `there is an unknown key "${before}${unknown}"`,
    `${near ? `Did you mean "${before}${near}"? ` : ''}Known: ${known.map((key) => before + key).join(', ')}.`,
  );
}

function checkPlugins(file: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalid(file, `plugins is ${shown(value)}, and has to be a list`);
  value.forEach((entry: unknown, i) => {
    const wrong = entryProblem(entry);
    if (wrong) throw invalid(file, `plugins[${i}] is ${wrong.is}`, wrong.remedy);
  });
}

/** What is wrong with an entry of `plugins`, and what to write. */
function entryProblem(entry: unknown): { is: string; remedy: string } | undefined {
  const forms = 'A plugin is what calling it gives (vision()), the name of its package, or [name, options].';
  if (typeof entry === 'string') return entry.trim() === '' ? { is: 'an empty name', remedy: forms } : undefined;
  if (typeof entry === 'function')
    return { is: 'a function, not a plugin', remedy: `Call it: ${entry.name || 'plugin'}(). ${forms}` };
  if (Array.isArray(entry)) {
    const [name] = entry as unknown[];
    if (typeof name === 'string' && name.trim() !== '' && entry.length <= 2) return undefined;
    return { is: `${shown(entry)}, not [name, options]`, remedy: forms };
  }
  if (entry instanceof Promise) return { is: 'a promise', remedy: `Await it. ${forms}` };
  return isObject(entry) && isObject(entry['definition'])
    ? undefined
    : { is: `${shown(entry)}, not a plugin`, remedy: forms };
}

/** The error for a configuration that says what it may not. */
export function invalid(file: string, what: string, hint = 'Correct it there.', cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'config-invalid', message: `In ${file}, ${what}.`, hint, cause });
}
