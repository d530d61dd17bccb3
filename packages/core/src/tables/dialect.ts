import { extname } from 'node:path';
import { firstRows, type Dialect, type FirstRows, type TableRow } from './csv-rows.ts';
import { endsLikePicture } from './picture-names.ts';
import { rowShape, swallowsRows, type RowShape } from './swallowed-rows.ts';
import { optionError } from './table-errors.ts';
import type { TableText } from './table-text.ts';
import { titleRows } from './title-rows.ts';
import { isRule } from './rule-rows.ts';
import { isUsualName } from './usual-names.ts';

const DELIMITERS = [',', '\t', ';', '|'];
/** Stands in no text: the separator of units of ASCII. */
export const NO_DELIMITER = '\x1f';
const WORDS: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  space: ' ',
  comma: ',',
  semicolon: ';',
  bar: '|',
  pipe: '|',
};
/** Rows that are looked at. */
const LOOK = 500;
/** Share of rows with the same number of cells from which a character is taken for the delimiter. */
const MOST = 0.8;

/** What is tried, and how well it fits. */
interface Fit extends FirstRows {
  readonly dialect: Dialect;
  readonly shape: RowShape;
  /** The number of cells that most rows have, and the share of those rows. */
  readonly width: number;
  readonly share: number;
  /** How many rows above the others are a title. */
  readonly title: number;
  /** Whether quotes swallow rows, or one is never closed. */
  readonly troubled: boolean;
}

/** How the cells of a table are told apart, and what its rows look like then. */
export interface Sniffed {
  readonly dialect: Dialect;
  readonly shape: RowShape;
}

/**
 * How the cells of a table are told apart, by a look at its beginning: comma, tab, semicolon or bar, whichever gives the
 * first rows the same number of cells; quotes doubled or with a backslash before them within quotes; tab-separated texts in
 * which quotes open nothing. Lines of `sep=;`, comments and titles before the first row are left out.
 * @throws HeadstartError `invalid-option`
 */
export function sniffDialect(text: TableText, options: Readonly<Record<string, string>>): Sniffed {
  const lead = leadingLines(text.head);
  const sniffed = sniffBelow(lead, text, options);
  const aside = lead.length - lead.commented.length;
  const row = lead.commented.split('\n').find((line) => hasCells(line, sniffed));
  return row === undefined
    ? sniffed
    : sniffBelow({ ...lead, length: aside, lines: lead.separatorLines, commented: '' }, text, options);
}

/** Whether a line that looks like a comment has as many cells as the rows below: it is one of them. */
function hasCells(line: string, { dialect, shape }: Sniffed): boolean {
  return shape.width > 1 && line.split(dialect.delimiter).length === shape.width;
}

function sniffBelow(lead: Lead, text: TableText, options: Readonly<Record<string, string>>): Sniffed {
  const asked = askedDelimiter(options['delimiter']) ?? lead.delimiter;
  const quotes = askedQuotes(options['quote']);
  const body = text.head.slice(lead.length);
  const delimiters = asked === undefined ? DELIMITERS : [asked];
  const fits = delimiters.map((delimiter) => fitOf(delimiter, { body, skip: lead.lines, whole: text.whole, quotes }));
  const best = asked === undefined ? bestFit(fits, text, body) : fits[0]!;
  const start = best.title > 0 ? best.rows[best.title]!.line - 1 : best.dialect.skip;
  return { dialect: { ...best.dialect, skip: start }, shape: best.shape };
}

function askedDelimiter(asked: string | undefined): string | undefined {
  if (asked === '') throw optionError('delimiter', asked, 'a character such as ; or one of the words tab, space');
  return asked === undefined ? undefined : (WORDS[asked.toLowerCase()] ?? asked);
}

/** The character of the option, the word none, or undefined where it is to be looked at. */
function askedQuotes(asked: string | undefined): string | undefined {
  if (asked === undefined || asked === 'none' || [...asked].length === 1) return asked;
  throw optionError('quote', asked, 'a character, or the word none where cells are never quoted');
}

/** What stands before the rows: Excel's line that names the separator, and comments. */
interface Lead {
  readonly length: number;
  readonly lines: number;
  readonly separatorLines: number;
  readonly commented: string;
  readonly delimiter?: string;
}

function leadingLines(head: string): Lead {
  const [sep, character] = /^sep=(.)\r?\n/i.exec(head) ?? [''];
  const comments = /^(?:#(?:[ \t!][^\n]*|\r?)\n)*/.exec(head.slice(sep.length))![0];
  const separatorLines = sep === '' ? 0 : 1;
  return {
    length: sep.length + comments.length,
    lines: separatorLines + comments.split('\n').length - 1,
    separatorLines,
    commented: comments,
    delimiter: character,
  };
}

interface Beginning {
  readonly body: string;
  readonly skip: number;
  readonly whole: boolean;
  readonly quotes: string | undefined;
}

function fitOf(delimiter: string, { body, skip, whole, quotes }: Beginning): Fit {
  const fit = (dialect: Dialect) => fitting(body, dialect, whole);
  if (quotes === 'none') return fit({ delimiter, skip });
  const quote = quotes ?? (isInSingleQuotes(body, delimiter) ? "'" : '"');
  const trim = new RegExp(`(?:^|[\\n${escaped(delimiter)}]) +${escaped(quote)}`).test(body) && delimiter.trim() !== '';
  const plain = fit({ delimiter, quote, escape: quote, skip, ...(trim && { trim }) });
  if (hasBackslashQuotes(body, delimiter, quote)) {
    const slashed = fit({ ...plain.dialect, escape: '\\' });
    if (!slashed.troubled && slashed.share >= plain.share) return slashed;
  }
  return plain.troubled && quotes === undefined && delimiter === '\t' ? fit({ delimiter, skip }) : plain;
}

/** Whether each cell of the first line stands in single quotes. */
function isInSingleQuotes(body: string, delimiter: string): boolean {
  const cells = body.slice(0, body.search(/[\r\n]|$/)).split(delimiter);
  return cells.length > 1 && cells.every((cell) => /^\s*'[^']+'\s*$/.test(cell));
}

/** A quote after a backslash that ends no cell: where quotes are doubled, that would be no table. */
function hasBackslashQuotes(body: string, delimiter: string, quote: string): boolean {
  if (!body.includes(`\\${quote}`)) return false;
  const [q, d] = [escaped(quote), escaped(delimiter)];
  return new RegExp(`(?:^|[\\n${d}])${q}(?:[^${q}\\\\\\n]|\\\\.)*\\\\${q}[^${q}${d}\\r\\n]`).test(body);
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function fitting(body: string, dialect: Dialect, whole: boolean): Fit {
  const { rows: all, open } = firstRows(body, dialect, LOOK);
  const cut = open || (!whole && all.length < LOOK);
  const rows = cut && all.length > 1 ? all.slice(0, -1) : all;
  const filled = rows.filter(({ cells }) => cells.some(isFilled) && !isRule(cells));
  const width = commonWidth(filled);
  const title = width > 1 ? titleRows(filled.map(({ cells }) => cells)) : 0;
  const share = filled.filter(({ cells }) => cells.length === width).length / (filled.length - title || 1);
  const shape = rowShape(rows, width);
  const troubled = (open && whole) || all.some((row) => swallowsRows(row, dialect, shape));
  return { dialect, rows: filled, open, shape, width, title, share, troubled };
}

/** The number of cells that most rows have. */
function commonWidth(rows: readonly TableRow[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

const isFilled = (cell: string) => cell.trim() !== '';

function bestFit(fits: readonly Fit[], text: TableText, body: string): Fit {
  const several = fits.filter(({ width }) => width > 1);
  const tab = several.find(({ dialect, share }) => dialect.delimiter === '\t' && share >= MOST);
  if (tab && extname(text.path.replace(/\.gz$/i, '')).toLowerCase() === '.tsv') return tab;
  const likely = several.filter((fit) => !isDecimalComma(fit, body) && !isPunctuation(fit, body));
  // What stands in sentences, or between digits, takes texts apart only where a name of a column or of the file says so.
  const unlikely = isDelimited(text.path) ? several : several.filter(isNamed);
  for (const fits of [likely, unlikely])
    for (const least of [1, MOST]) {
      const best = widest(fits.filter(({ share }) => share >= least));
      if (best) return best;
    }
  return (
    namedBy(several) ?? listOfPictures(body, fits[0]!) ?? (isDelimited(text.path) ? fits[0]! : lines(fits[0]!, body))
  );
}

function isDelimited(path: string): boolean {
  return ['.csv', '.tsv', '.tab'].includes(extname(path.replace(/\.gz$/i, '')).toLowerCase());
}

/** Texts that nothing delimits have a cell per line. */
function lines({ dialect: { skip } }: Fit, body: string): Fit {
  return fitting(body, { delimiter: NO_DELIMITER, skip }, true);
}

function widest(fits: readonly Fit[]): Fit | undefined {
  const most = Math.max(...fits.map(({ width }) => width));
  return fits.find(({ width }) => width === most);
}

/** Whether all commas stand between digits: 0,5. */
function isDecimalComma({ dialect }: Fit, body: string): boolean {
  return dialect.delimiter === ',' && !/(?:^|[^\d]),|,(?:[^\d]|$)/.test(body);
}

/** Whether nearly all of them are followed by a blank, as in sentences. */
function isPunctuation({ dialect: { delimiter } }: Fit, body: string): boolean {
  if (delimiter === '\t') return false;
  const all = body.split(delimiter).slice(1);
  return all.filter((after) => after.startsWith(' ')).length >= 0.9 * all.length;
}

/** Where rows differ in length: what the first line, the names of the columns, is told apart by. */
function namedBy(fits: readonly Fit[]): Fit | undefined {
  return widest(fits.filter(isNamed));
}

function isNamed({ rows }: Fit): boolean {
  return rows[0] !== undefined && rows[0].cells.length > 1 && rows[0].cells.some(isUsualName);
}

/** Lists of pictures have a blank between name and label. */
function listOfPictures(body: string, { dialect }: Fit): Fit | undefined {
  const fit = fitting(body, { delimiter: ' ', skip: dialect.skip }, true);
  return fit.width === 2 && fit.share >= MOST && fit.rows.every(({ cells }) => endsLikePicture(cells[0]!))
    ? fit
    : undefined;
}
