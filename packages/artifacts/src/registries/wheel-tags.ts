import type { WheelTags } from '../artifact-uri.ts';

/** A file that an index offers for one version of a package. */
export type Distribution =
  | { kind: 'wheel'; name: string; version: string; pythons: string[]; abis: string[]; platforms: string[] }
  | { kind: 'source'; name: string; version: string };

/** PEP 503: how package names compare. */
export function normalisedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Versions compare without case, leading `v`, trailing `.0` parts and separators (PEP 440, the part that file names use). */
export function normalisedVersion(version: string): string {
  const plain = version.toLowerCase().replace(/^v/, '').replaceAll('_', '-');
  const [release = '', ...rest] = plain.split(/(?<=^[\d.!]*\d)(?![\d.!])/);
  return release.replace(/(\.0+)+$/, '') + rest.join('').replace(/[-.]/g, '');
}

/** Reads a distribution's file name (PEP 427 wheels, PEP 625 and older source archives). */
export function parseDistribution(file: string, name: string): Distribution | undefined {
  const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl$/.exec(file);
  if (wheel) {
    const [, project, version, pythons, abis, platforms] = wheel as unknown as string[];
    return {
      kind: 'wheel',
      name: normalisedName(project!),
      version: version!,
      pythons: pythons!.split('.'),
      abis: abis!.split('.'),
      platforms: platforms!.split('.'),
    };
  }
  const base = /^(.+?)\.(?:tar\.gz|zip|tgz)$/.exec(file)?.[1];
  if (!base) return undefined;
  // The name may hold dashes itself, so the split is where the known name ends.
  for (let dash = base.indexOf('-'); dash > 0; dash = base.indexOf('-', dash + 1)) {
    if (normalisedName(base.slice(0, dash)) === normalisedName(name))
      return { kind: 'source', name: normalisedName(name), version: base.slice(dash + 1) };
  }
  return undefined;
}

/**
 * How well a distribution fits: higher is better, undefined is not at all. Without tags, pure wheels
 * and then source archives fit; with tags, the most specific wheel, in the order of the platforms given.
 */
export function fitness(distribution: Distribution, tags: WheelTags | undefined): number | undefined {
  if (distribution.kind === 'source') return tags ? undefined : 0;
  const { pythons, abis, platforms } = distribution;
  const isPure =
    abis.includes('none') && platforms.includes('any') && pythons.some((python) => /^(py3\d*|py2\.py3)$/.test(python));
  if (!tags) return isPure ? 1 : undefined;
  const [major = '3', minor = ''] = tags.python.split('.');
  const own = `cp${major}${minor}`;
  const fits =
    pythons.includes(own) ||
    pythons.some(
      (python) =>
        python === `py${major}` ||
        (new RegExp(`^(cp|py)${major}\\d+$`).test(python) && Number(python.slice(3)) <= Number(minor)),
    );
  // The stable ABI serves later Pythons too; any other one only its own.
  const abiFits =
    abis.includes('none') ||
    (abis.includes('abi3') && major === '3') ||
    (abis.includes(tags.abi ?? own) && pythons.includes(own));
  const platform = tags.platforms.findIndex((wanted) => platforms.includes(wanted));
  if (!fits || !abiFits || (platform < 0 && !platforms.includes('any'))) return undefined;
  return (
    (platform < 0 ? 0 : 1000 - platform) + (pythons.includes(own) ? 2 : 0) + (abis.includes(tags.abi ?? own) ? 1 : 0)
  );
}
