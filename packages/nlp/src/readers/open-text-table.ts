import { HeadstartError } from '@headstart/core';
import { openTable, readLines } from '@headstart/core/readers';
import { fastTextTable, isFastText } from './layouts/fasttext.ts';
import { plainTable } from './layouts/plain-table.ts';
import { unreadFile } from './layouts/unread-files.ts';
import type { KnownTable, TextTable } from './text-record.ts';

/** Lines that are looked at to know a file that is no table of cells or objects. */
const LOOK = 50;

type Options = Readonly<Record<string, string>>;

/**
 * Opens a table of texts, whatever tool wrote it.
 * @throws HeadstartError `target-not-found`; `target-unreadable`, also for layouts that are known and not read; `invalid-option`
 */
export async function openTextTable(path: string, options: Options): Promise<TextTable> {
  const { table, unread } = (await knownFile(path)) ?? (await plainTable(await openTable(path, options)));
  if (table) return table;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${unread.layout}, which is not read.`,
    hint: unread.hint,
  });
}

/** What a file is that is neither cells nor objects, by its name and first lines; undefined for all others. */
export async function knownFile(path: string): Promise<KnownTable | undefined> {
  const head = await firstLines(path);
  const unread = unreadFile(path, head);
  if (unread) return { unread };
  return isFastText(head) ? { table: fastTextTable(path) } : undefined;
}

/** The first lines of a text; nothing where it is none. */
async function firstLines(path: string): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const { text } of readLines(path)) if (lines.push(text) === LOOK) break;
  } catch {
    return '';
  }
  return lines.map((line) => `${line}\n`).join('');
}
