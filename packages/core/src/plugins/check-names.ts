import { stat } from 'node:fs/promises';
import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import type { RegisteredParts } from './contributions.ts';
import { offerOf, type PackageOffer } from './package-offer.ts';
import type { Registered } from './registry.ts';
import { unknownPart } from './unknown-part.ts';
import { unknownSource } from './unknown-source.ts';

/** What names are looked up in: a composed `Headstart` is such. */
export interface KnownParts extends RegisteredParts {
  offers(): readonly PackageOffer[];
}

const ids = (registered: readonly Registered<{ readonly id: string }>[]) => registered.map(({ value }) => value.id);

/** Checks a source's id, or the scheme of `scheme:rest`. @throws HeadstartError `unknown-name` */
export function checkSource(known: KnownParts, source: string): void {
  const sources = ids(known.sources());
  const schemes = known.sourceSchemes().map(({ value }) => value.scheme);
  const scheme = /^([^:]+):/.exec(source)?.[1];
  if (sources.includes(source) || (scheme !== undefined && schemes.includes(scheme))) return;
  throw unknownSource(source, sources, schemes, known.offers());
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
export function checkNames(
  known: KnownParts,
  names: { source?: string; task?: string; strategy?: string; reader?: string },
): void {
  if (names.source !== undefined) checkSource(known, names.source);
  const registries = [
    ['task', withoutOptions(known.tasks(), names.task), known.tasks()],
    ['strategy', withoutOptions(known.strategies(), names.strategy), known.strategies()],
    ['reader', names.reader, known.readers()],
  ] as const;
  for (const [kind, name, registered] of registries) {
    if (name !== undefined && !ids(registered).includes(name)) {
      throw unknownPart(kind, name, ids(registered), known.offers());
    }
  }
}

/** Checks the name of an export format. @throws HeadstartError `unknown-name` */
export function checkFormat(known: KnownParts, format: string): void {
  const formats = [...new Set(known.exporters().map(({ value }) => value.format))];
  if (formats.includes(format)) return;
  throw unknownPart('export format', format, formats, known.offers());
}

/**
 * What a target is: a registered data set, or a path that is there.
 * @param path where it is looked for, where that is not as it was given
 * @throws HeadstartError `target-not-found`, `unknown-name`
 */
export async function checkTarget(known: KnownParts, target: string, path = target): Promise<'dataset' | 'path'> {
  const datasets = ids(known.datasets());
  if (datasets.includes(target)) return 'dataset';
  const failure = await stat(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error,
  );
  // Other failures (no permission, say) are the reader's to explain.
  if (failure?.code !== 'ENOENT' && failure?.code !== 'ENOTDIR') return 'path';
  if (offerOf(known.offers(), 'datasets', target)) {
    throw unknownPart('data set', target, datasets, known.offers());
  }
  const nearest = nearestName(target, datasets);
  throw new HeadstartError({
    code: 'target-not-found',
    message: `There is no file or folder ${path}, and no data set of that name.`,
    hint: nearest
      ? `Did you mean the data set "${nearest}"?`
      : 'Give the path of your data, or a name that `headstart datasets` lists.',
    cause: failure,
  });
}
