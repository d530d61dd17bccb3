import { HeadstartError } from '@headstart/artifacts/errors';
import { posix } from 'node:path';
import { readWholeXml } from './read-xml.ts';
import type { ZipParts } from './zip-parts.ts';

/** What lists sheets, styles and texts; a large workbook's have some megabytes. */
const LARGEST_LIST = 64 * 2 ** 20;
/** Unpacked, a sheet of a million rows has some hundred megabytes. */
export const LARGEST_SHEET = 2 ** 30;
const LARGEST_TEXTS = 256 * 2 ** 20;

/** A sheet of a workbook. */
export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
  /** Its part of the zip. */
  readonly part: string;
}

/** What a workbook's sheets share. */
export interface Workbook {
  readonly path: string;
  readonly parts: ZipParts;
  readonly sheets: readonly Sheet[];
  /** Texts of cells that refer to them by number. */
  readonly texts: readonly string[];
  /** Whether numbers of a style, by its index, are dates. */
  readonly dateStyles: readonly boolean[];
  /** Whether dates count from 1904, as once on Macs. */
  readonly from1904: boolean;
}

/**
 * Reads what lists the sheets of a workbook (ECMA-376, part 1, section 18).
 * @throws HeadstartError `target-unreadable`
 */
export async function readWorkbook(path: string, parts: ZipParts): Promise<Workbook> {
  const main = await mainPart(path, parts);
  const relations = await relationsOf(path, parts, main);
  const sheets: Sheet[] = [];
  let from1904 = false;
  await readWholeXml(path, parts.chunks(main, LARGEST_LIST), {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = isTrue(attributes['date1904']);
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => /(?:^|:)id$/.test(key))?.[1] ?? '';
      const relation = relations.get(id);
      if (relation?.type.endsWith('/worksheet'))
        sheets.push({
          name: attributes['name'] ?? id,
          hidden: (attributes['state'] ?? 'visible') !== 'visible',
          part: relation.part,
        });
    },
  });
  const partOf = (type: string) => [...relations.values()].find((relation) => relation.type.endsWith(type))?.part;
  return {
    path,
    parts,
    sheets,
    from1904,
    texts: await sharedTexts(path, parts, partOf('/sharedStrings')),
    dateStyles: await dateStyles(path, parts, partOf('/styles')),
  };
}

interface Relation {
  readonly type: string;
  readonly part: string;
}

async function mainPart(path: string, parts: ZipParts): Promise<string> {
  const relations = await relationsOf(path, parts, '');
  return [...relations.values()].find(({ type }) => type.endsWith('/officeDocument'))?.part ?? 'xl/workbook.xml';
}

async function relationsOf(path: string, parts: ZipParts, part: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(part);
  const relations = new Map<string, Relation>();
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  await readWholeXml(path, orNothing(parts, name), {
    open(tag, { Id, Type, Target, TargetMode }) {
      if (tag !== 'Relationship' || !Id || !Type || !Target || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      relations.set(Id, { type: Type, part: target });
    },
  });
  return relations;
}

async function sharedTexts(path: string, parts: ZipParts, name: string | undefined): Promise<string[]> {
  const texts: string[] = [];
  let text: string | undefined;
  let reading = false;
  let phonetic = false;
  await readWholeXml(path, orNothing(parts, name, LARGEST_TEXTS), {
    open(tag) {
      if (tag === 'si') text = '';
      if (tag === 'rPh') phonetic = true;
      reading = tag === 't' && !phonetic;
    },
    text(piece) {
      if (reading && text !== undefined) text += piece;
    },
    close(tag) {
      reading = false;
      if (tag === 'rPh') phonetic = false;
      if (tag === 'si') texts.push(unescaped(text ?? ''));
    },
  });
  return texts;
}

/** Formats of numbers that are dates or times without saying so by their letters (section 18.8.30). */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

async function dateStyles(path: string, parts: ZipParts, name: string | undefined): Promise<boolean[]> {
  const dates = new Set(DATE_FORMATS);
  const styles: boolean[] = [];
  let inCells = false;
  await readWholeXml(path, orNothing(parts, name), {
    open(tag, { numFmtId, formatCode }) {
      if (tag === 'cellXfs') inCells = true;
      if (tag === 'numFmt' && isDateFormat(formatCode ?? '')) dates.add(Number(numFmtId));
      if (tag === 'xf' && inCells) styles.push(dates.has(Number(numFmtId)));
    },
    close(tag) {
      if (tag === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Letters of days, months, years, hours, minutes and seconds outside of quoted texts, colours and escapes. */
function isDateFormat(code: string): boolean {
  return /[dmyhs]/i.test(code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general/gi, ''));
}

async function* orNothing(parts: ZipParts, name: string | undefined, largest = LARGEST_LIST): AsyncGenerator<Buffer> {
  let any = false;
  for await (const chunk of name === undefined ? [] : parts.chunks(name, largest)) {
    any = true;
    yield chunk;
  }
  if (!any) yield Buffer.from('<nothing/>');
}

/** Whether an attribute says yes. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/** Characters that XML cannot hold are written as their numbers: _x000D_ (section 22.9.2.19). */
export function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** The error for a sheet that is not as it should be. */
export function unreadable(path: string, { name }: Pick<Sheet, 'name'>, why: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}, sheet "${name}" cannot be read: ${why}.`,
    hint: 'Open it in a spreadsheet program and save it again, or save the sheet as CSV UTF-8.',
  });
}
