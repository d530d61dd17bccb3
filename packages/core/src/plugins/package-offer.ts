import type { Modality } from '../domains/source-domain.ts';
import { installLine } from './package-manager.ts';
import type { ContributionKind } from './manifest.ts';
import { KNOWN_PACKAGES } from './known-packages.ts';

/** Data laid out in a way that a reader knows by what its files begin with. */
export interface KnownLayout {
  /** Such as `boxes of objects (COCO)`. */
  readonly what: string;
  /** Endings of the files that show it. */
  readonly endings: readonly string[];
  /** What the first 256 KiB of such a file have, all of it. */
  readonly begins: readonly RegExp[];
}

/** What a package brings, by names. */
export interface KnownPackage {
  /** The npm package's name. */
  readonly name: string;
  readonly modalities?: readonly Modality[];
  /** Endings of the files that its readers read, such as `.csv`. */
  readonly files?: readonly string[];
  /** Layouts that its readers are surer of than a reader that goes by folders: others would take such data for something else. */
  readonly layouts?: readonly KnownLayout[];
  /** Names by kind. */
  readonly brings: Readonly<Partial<Record<ContributionKind, readonly string[]>>>;
  /** Commands of `headstart` that need it. */
  readonly commands?: readonly string[];
}

/** A package that would bring more, and what has to be done for that. */
export interface PackageOffer extends KnownPackage {
  /** What has to be done, a sentence. */
  readonly how: string;
  /** Whether it has to be installed first. */
  readonly missing: boolean;
}

/** The known packages, offered to one who composes plugins by hand. */
export function knownOffers(): PackageOffer[] {
  return KNOWN_PACKAGES.map((known) => ({
    ...known,
    how: `It is not among the plugins here: add it to them (${installLine([known.name])}).`,
    missing: true,
  }));
}

/** The offer that has a name of a kind; options or an address after a colon do not count. */
export function offerOf(
  offers: readonly PackageOffer[],
  kind: ContributionKind,
  name: string,
): PackageOffer | undefined {
  const stem = name.split(':', 1)[0]!;
  const has = (of: ContributionKind, wanted: string) =>
    offers.find(({ brings }) => brings[of]?.includes(wanted) === true);
  const byScheme = kind === 'sources' && name.includes(':') ? has('schemes', stem) : undefined;
  return has(kind, name) ?? byScheme ?? (kind === 'sources' ? undefined : has(kind, stem));
}

/** How a plugin that is not here is had: as it is offered, or by installing that version of it. */
export function howToGet(offers: readonly PackageOffer[]) {
  return (plugin: string, version: string): { hint: string; install?: string } => {
    const offer = offers.find(({ name }) => name === plugin);
    if (offer && !offer.missing) return { hint: offer.how };
    const install = `${plugin}@${version}`;
    return { hint: `Install ${plugin}: ${installLine([install])}.`, install };
  };
}
