import { isDeepStrictEqual } from 'node:util';
import { CONTRIBUTION_KINDS, contributionName, type ContributionKind, type Contributions } from './manifest.ts';

/**
 * Where what a manifest declares is not what `setup` adds, a sentence each; empty where they agree. A field that a
 * manifest may leave out is compared where it is there.
 * @param added as `manifestOf` and `contributionsOf` give it
 */
export function manifestDifferences(declared: Contributions, added: Contributions): string[] {
  return [
    ...CONTRIBUTION_KINDS.flatMap((kind) => listDifferences(kind, declared, added)),
    ...nameDifferences('services', declared.services, added.services),
    ...nameDifferences('replaces', declared.replaces, added.replaces),
    ...(Boolean(declared.subscribes) === Boolean(added.subscribes)
      ? []
      : [
          `subscribes: the manifest says ${Boolean(declared.subscribes)}, setup ${added.subscribes ? 'adds a subscriber' : 'adds none'}.`,
        ]),
  ];
}

function listDifferences(kind: ContributionKind, declared: Contributions, added: Contributions): string[] {
  const name = contributionName[kind] as (item: unknown) => string;
  const byName = (contributes: Contributions) =>
    new Map((contributes[kind] ?? []).map((item) => [name(item), item as object as Record<string, unknown>]));
  const [said, done] = [byName(declared), byName(added)];
  const fields = [...said].flatMap(([each, item]) => {
    const actual = done.get(each);
    if (!actual) return [];
    return Object.keys(item)
      .filter((field) => !isDeepStrictEqual(item[field], actual[field]))
      .map(
        (field) =>
          `${kind} "${each}": the manifest's ${field} is ${JSON.stringify(item[field])}, that of setup ${JSON.stringify(actual[field]) ?? 'missing'}.`,
      );
  });
  return [...nameDifferences(kind, [...said.keys()], [...done.keys()]), ...fields];
}

function nameDifferences(kind: string, declared: readonly string[] = [], added: readonly string[] = []): string[] {
  const only = (these: readonly string[], those: readonly string[]) => these.filter((name) => !those.includes(name));
  return [
    ...only(declared, added).map((name) => `${kind} "${name}": the manifest has it, and setup does not add it.`),
    ...only(added, declared).map((name) => `${kind} "${name}": setup adds it, and the manifest does not have it.`),
  ];
}
