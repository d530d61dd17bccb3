import { matches, type Filter } from '../filter.ts';
import type { ReportCell, ReportData } from '../report-data.ts';

/** Long tables, of which one page is there at a time. */
export type PagedView = 'cells' | 'verdicts' | 'gains';

export const FIRST_PAGES: Readonly<Record<PagedView, number>> = { cells: 0, verdicts: 0, gains: 0 };

/** What a reader wants to see: the whole benchmark, the cells of it that were chosen, and the page of each long table. */
export interface Shown {
  readonly data: ReportData;
  readonly filter: Filter;
  readonly cells: readonly ReportCell[];
  readonly pages: Readonly<Record<PagedView, number>>;
}

/** The first pages, or these, of what a filter leaves. */
export function shownOf(data: ReportData, filter: Filter = {}, pages: Shown['pages'] = FIRST_PAGES): Shown {
  return { data, filter, cells: data.cells.filter((cell) => matches(cell, filter)), pages };
}
