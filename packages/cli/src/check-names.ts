import { stat } from 'node:fs/promises';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import type { Headstart, Registered } from '@headstart/core';

const ids = (registered: readonly Registered<{ readonly id: string }>[]) => registered.map(({ value }) => value.id);

/** Checks a source's id, or the scheme of `scheme:rest`. @throws HeadstartError `unknown-name` */
export async function checkSource(headstart: Headstart, source: string): Promise<void> {
  const known = ids(headstart.sources());
  const schemes = headstart.sourceSchemes().map(({ value }) => value.scheme);
  const scheme = /^([^:]+):/.exec(source)?.[1];
  if (known.includes(source) || (scheme !== undefined && schemes.includes(scheme))) return;
  const { unknownSource } = await import('@headstart/core');
  throw unknownSource(source, known, schemes, headstart.offers());
}

/** A name without the options that what it names takes after a colon. */
function withoutOptions(
  registered: readonly Registered<{ readonly id: string; withOptions?(options: string): unknown }>[],
  name: string | undefined,
): string | undefined {
  const found = registered.find(({ value }) => name?.startsWith(`${value.id}:`))?.value;
  return found?.withOptions?.(name!.slice(found.id.length + 1)) ? found.id : name;
}

/** Checks every name of a request before a backend is opened for it. @throws HeadstartError `unknown-name`, `invalid-option` */
export async function checkNames(
  headstart: Headstart,
  names: { source?: string; task?: string; strategy?: string; reader?: string },
): Promise<void> {
  if (names.source !== undefined) await checkSource(headstart, names.source);
  const registries = [
    ['task', withoutOptions(headstart.tasks(), names.task), headstart.tasks()],
    ['strategy', withoutOptions(headstart.strategies(), names.strategy), headstart.strategies()],
    ['reader', names.reader, headstart.readers()],
  ] as const;
  for (const [kind, name, registered] of registries) {
    if (name !== undefined && !ids(registered).includes(name)) {
      const { unknownPart } = await import('@headstart/core/manifest');
      throw unknownPart(kind, name, ids(registered), headstart.offers());
    }
  }
}

/** Checks the name of an export format. @throws HeadstartError `unknown-name` */
export async function checkFormat(headstart: Headstart, format: string): Promise<void> {
  const formats = [...new Set(headstart.exporters().map(({ value }) => value.format))];
  if (formats.includes(format)) return;
  const { unknownPart } = await import('@headstart/core/manifest');
  throw unknownPart('export format', format, formats, headstart.offers());
}

/** What a target is: a registered data set, or a path that is there. @throws HeadstartError `target-not-found` */
export async function checkTarget(headstart: Headstart, target: string): Promise<'dataset' | 'path'> {
  const datasets = ids(headstart.datasets());
  if (datasets.includes(target)) return 'dataset';
  const failure = await stat(target).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
  // Other failures (no permission, say) are the reader's to explain.
  if (failure?.code !== 'ENOENT' && failure?.code !== 'ENOTDIR') return 'path';
  const { offerOf, unknownPart } = await import('@headstart/core/manifest');
  if (offerOf(headstart.offers(), 'datasets', target)) {
    throw unknownPart('data set', target, datasets, headstart.offers());
  }
  const nearest = nearestName(target, datasets);
  throw new HeadstartError({
    code: 'target-not-found',
    message: `There is no file or folder ${target}, and no data set of that name.`,
    hint: nearest
      ? `Did you mean the data set "${nearest}"?`
      : 'Give the path of your data, or a name that `headstart datasets` lists.',
    cause: failure,
  });
}
