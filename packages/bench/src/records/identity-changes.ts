import type { TrialIdentity } from '@headstart/core/trials';
import { canonicalJson } from './canonical-json.ts';

/** A part of what determines a cell, as JSON; undefined where there is none. */
export interface IdentityChange {
  readonly part: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * In which parts two identities differ: options of the transfer and versions of the code each for itself, named as in a
 * record's `identity`. Compared is the whole of each part, as the digest does (`identityDigest`).
 */
export function identityChanges(before: TrialIdentity, after: TrialIdentity): IdentityChange[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((part) => old.get(part) !== now.get(part))
    .map((part) => ({ part, before: old.get(part), after: now.get(part) }));
}

function partsOf({ transfer, code, ...others }: TrialIdentity): Map<string, string> {
  const parts: [string, unknown][] = [
    ...Object.entries(transfer).map(([name, value]): [string, unknown] => [`transfer.${name}`, value]),
    ...Object.entries(others),
    ...Object.entries(code).map(([name, version]): [string, unknown] => [`code.${name}`, version]),
  ];
  return new Map(parts.filter(([, value]) => value !== undefined).map(([part, value]) => [part, canonicalJson(value)]));
}
