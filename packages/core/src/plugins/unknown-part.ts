import { HeadstartError, nearestName, unknownName } from '@headstart/artifacts/errors';
import type { ContributionKind } from './manifest.ts';
import { offerOf, type PackageOffer } from './package-offer.ts';

/** The kinds of what has a name, by the word for each in messages. */
const kindOf = {
  source: 'sources',
  'source scheme': 'schemes',
  reader: 'readers',
  'data set': 'datasets',
  task: 'tasks',
  strategy: 'strategies',
  metric: 'metrics',
  'export format': 'exporters',
} as const satisfies Record<string, ContributionKind>;

/** The word in messages for a kind of what plugins bring. */
export type PartKind = keyof typeof kindOf;

/**
 * The error for a name that no plugin here has: who would bring it, or the nearest name that there is or would be.
 * @param known names of the kind that are registered
 * @param offers packages that are not in use
 */
export function unknownPart(
  kind: PartKind,
  name: string,
  known: readonly string[],
  offers: readonly PackageOffer[],
): HeadstartError {
  const offer = offerOf(offers, kindOf[kind], name);
  if (offer) return offered(`Unknown ${kind} "${name}": it comes with ${offer.name}.`, offer);
  const others = offers.flatMap(({ brings }) => brings[kindOf[kind]] ?? []);
  const nearest = nearestName(name, [...known, ...others]);
  const bringer = nearest !== undefined && !known.includes(nearest) && offerOf(offers, kindOf[kind], nearest);
  if (!bringer) return unknownName(kind, name, known);
  return offered(`Unknown ${kind} "${name}".`, bringer, `Did you mean "${nearest}" of ${bringer.name}?`);
}

/** An error that an offered package mends. */
export function offered(message: string, { name, how, missing }: PackageOffer, remark?: string): HeadstartError {
  return new HeadstartError({
    code: 'unknown-name',
    message,
    hint: remark ? `${remark} ${how}` : how,
    install: missing ? name : undefined,
  });
}
