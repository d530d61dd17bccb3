/** Licences that a dependency may have, by their SPDX names: permissive ones only. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Packages whose licence is not on the list and that are taken all the same, with the reason. */
const exceptions: readonly { name: RegExp; licence: string; note: string }[] = [
  {
    name: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    note: "Prebuilt libvips, which sharp loads as a separate shared library: installed from the package registry, never part of Headstart's packages, and replaceable by another build of libvips.",
  },
];

/** The part of a package-lock.json (version 3) that licences need. */
export interface LockFile {
  packages: Record<
    string,
    { name?: string; version?: string; license?: string; dev?: boolean; link?: boolean } | undefined
  >;
}

export interface Dependency {
  name: string;
  version: string;
  /** SPDX expression without outer brackets. */
  licence: string;
}

/**
 * What Headstart's packages bring along at run time: every entry of the lock file that is not only
 * for development, the prebuilt binaries of all platforms among them. Ordered by name and version.
 * @throws Error where an entry states no licence
 */
export function runtimeDependencies(lock: LockFile): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || entry === undefined || entry.link === true || entry.dev === true) continue;
    const name = entry.name ?? path.slice(at + 'node_modules/'.length);
    const version = entry.version ?? '';
    if (entry.license === undefined)
      throw new Error(`${name} ${version} states no licence; look it up before depending on it.`);
    found.set(`${name}@${version}`, { name, version, licence: entry.license.replace(/^\((.*)\)$/, '$1') });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dependency]) => dependency);
}

/** The note of the exception that admits a licence for a package; '' where it is on the list; else undefined. */
function admission(name: string, licence: string): string | undefined {
  if (allowed.has(licence)) return '';
  return exceptions.find((exception) => exception.name.test(name) && exception.licence === licence)?.note;
}

/**
 * Decides on a dependency's licence: of alternatives (`OR`) one must be admitted, of a sum (`AND`) all.
 * @returns the notes of the exceptions used
 * @throws Error naming the package where its licence is not admitted
 */
export function admit({ name, version, licence }: Dependency): string[] {
  for (const alternative of licence.split(/\s+OR\s+/)) {
    const notes = alternative
      .replace(/[()]/g, '')
      .split(/\s+AND\s+/)
      .map((part) => admission(name, part.trim()));
    if (notes.every((note) => note !== undefined)) return [...new Set(notes.filter((note) => note !== ''))];
  }
  throw new Error(
    `${name} ${version} is under ${licence}, which is not a licence that Headstart takes. ` +
      'Choose another package, or argue an exception in tools/workspace/licences.ts.',
  );
}
