import { packColumn, unpackColumn, type Column } from './compact.ts';
import type { ReportData } from './report-data.ts';

/** The id of the element that holds a page's data. */
export const DATA_ELEMENT = 'report-data';

/** The lists of a report, each packed by itself. */
const LISTS = [
  'cells',
  'refused',
  'verdicts',
  'rankings',
  'gains',
  'samples',
  'withheld',
] as const satisfies readonly (keyof ReportData)[];

/** A report's data as JSON that can stand in an element of a page: nothing in it ends the element. */
export function embedData(data: ReportData): string {
  const packed = Object.fromEntries(LISTS.map((list) => [list, packColumn(data[list])]));
  return JSON.stringify({ ...data, ...packed }).replaceAll('<', '\\u003c');
}

/** What `embedData` was given. */
export function readEmbedded(text: string): ReportData {
  const packed = JSON.parse(text) as ReportData & Readonly<Record<(typeof LISTS)[number], unknown>>;
  const lists = LISTS.map((list) => [list, unpackColumn(packed[list] as unknown as Column)] as const);
  return { ...packed, ...Object.fromEntries(lists) };
}

/** The data in a report's page. @throws SyntaxError where it has none that can be read */
export function embeddedIn(page: string): ReportData {
  const start = page.indexOf(`id="${DATA_ELEMENT}">`);
  const from = page.indexOf('>', start) + 1;
  if (start < 0) throw new SyntaxError('The page has no data of a report.');
  return readEmbedded(page.slice(from, page.indexOf('</script>', from)));
}
