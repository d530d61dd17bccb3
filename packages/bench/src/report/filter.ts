import { byShots, distinct } from './names.ts';
import type { CellPlace, ReportData } from './report-data.ts';

/** What a reader wants to see: the cells whose every named axis has this name. */
export interface Filter {
  readonly source?: string;
  /** A domain that is trained on, adapted to, or tested on. */
  readonly domain?: string;
  readonly strategy?: string;
  readonly shots?: CellPlace['shots'];
}

/** The names that each axis of a filter can have, in the order of the cells. */
export interface FilterChoices {
  readonly source: readonly string[];
  readonly domain: readonly string[];
  readonly strategy: readonly string[];
  readonly shots: readonly CellPlace['shots'][];
}

export function filterChoices({ cells }: Pick<ReportData, 'cells'>): FilterChoices {
  return {
    source: distinct(cells.map(({ source }) => source)),
    domain: distinct(cells.flatMap(({ train, adapt, test }) => [train, adapt ?? [], test].flat())),
    strategy: distinct(cells.map(({ strategy }) => strategy)),
    shots: distinct(cells.map(({ shots }) => shots)).sort(byShots),
  };
}

export function matches(place: CellPlace, { source, domain, strategy, shots }: Filter): boolean {
  return (
    (source === undefined || place.source === source) &&
    (domain === undefined || [place.train, place.adapt, place.test].includes(domain)) &&
    (strategy === undefined || place.strategy === strategy) &&
    (shots === undefined || place.shots === shots)
  );
}
