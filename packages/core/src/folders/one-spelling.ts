import type { ClassGroup } from './class-groups.ts';

/**
 * Gives a class one name where splits write it with different code points (`é` as one or as two, as archives made on
 * different systems have it): the composed one (NFC). Two such folders in one split stay two classes.
 */
export function oneSpelling(groups: readonly ClassGroup[]): { groups: readonly ClassGroup[]; remarks: string[] } {
  const spellings = new Map<string, ClassGroup[]>();
  for (const group of groups) {
    const composed = group.className.normalize('NFC');
    spellings.set(composed, [...(spellings.get(composed) ?? []), group]);
  }
  const joined = new Set<string>();
  for (const [composed, same] of spellings) {
    const names = new Set(same.map(({ className }) => className));
    const bySplit = new Map(same.map(({ split, className }) => [split, className]));
    const apart = same.every(({ split, className }) => bySplit.get(split) === className);
    if (names.size > 1 && apart) joined.add(composed);
  }
  return {
    groups: groups.map((group) => {
      const composed = group.className.normalize('NFC');
      return joined.has(composed) ? { ...group, className: composed } : group;
    }),
    remarks: [...joined].map((name) => {
      const [one, other] = [...new Set(spellings.get(name)!.map(({ className }) => className))].map(codePoints);
      return `The splits write the class "${name}" with different code points (${one}; ${other}): it is one class.`;
    }),
  };
}

function codePoints(name: string): string {
  return Array.from(
    name,
    (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');
}
