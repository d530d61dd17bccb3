import { openToRead } from '@headstart/artifacts/storage';
import { namesImage } from '@headstart/core/images';
import { filesBelow, isLeftover, type ClassFolderKind, type RecognisedLayout } from '@headstart/core/readers';
import { HeadstartError } from '@headstart/core';
import { extname } from 'node:path';
import { isOfNumbers } from './texts-of-numbers.ts';

/** What lies beside texts in published data sets and is none. */
const SIDE_ENDINGS = new Set(
  '.md .rst .json .jsonl .csv .tsv .xml .yaml .yml .html .htm .pdf .eml .feat .vocab'.split(' '),
);
/** Texts that say something of the others, by their names: `README.TXT`, `LICENSE.md`, `urls_pos.txt`. */
const SIDE_TEXT =
  /^(?:read[-_ ]?me|licen[cs]e|copying|notice|citation|changes|changelog|urls?|labels?|classes|class[-_ ]names|categories)(?:[-_ .]\w+)*\.(?:te?xt|md|rst|pdf)$/i;

/** Whether a file is called a note on the others: a readme, a licence, a list of classes. */
export function isSideText(name: string): boolean {
  return SIDE_TEXT.test(name);
}

const TEXT_ENDINGS = ['.txt', '.text'];
/** What is text and has marks of its own in it: read where it is asked for. */
const MARKED_ENDINGS = ['.html', '.htm', '.eml', '.md', '.rst', '.xml'];
const DOCUMENT_ENDINGS = ['.pdf', '.docx', '.doc', '.odt', '.rtf', '.epub'];

/** What lies beside texts and has none of a data set's samples in it. */
const NOTE_ENDINGS = ['.md', '.rst', '.yaml', '.yml', '.html', '.htm', '.pdf'];
/** Beside another file, a table or a picture, so many texts are more than notes on it or its annotations. */
const MORE_THAN_NOTES = 10;

/** How many files are looked at to know which of them are texts, and how many are opened. */
const LOOK = 2000;
const OPENED = 5;

/**
 * Which files in class folders are texts: those whose names end in one of the given endings (`none` for no ending), in
 * `.txt` where none is given.
 */
export function textFiles(endings: readonly string[] = TEXT_ENDINGS): ClassFolderKind {
  const names = (name: string) => !isSideText(name) && endings.includes(endingOf(name));
  return {
    one: 'text file',
    many: 'text files',
    names,
    passOver: (name) => isLeftover(name) || isSideText(name) || (!names(name) && isSideFile(name)),
  };
}

/** The endings that an option lists. @throws HeadstartError `invalid-option` */
export function listedEndings(listed: string | undefined): readonly string[] | undefined {
  const endings = listed?.split(',').map((ending) => ending.trim().toLowerCase());
  const wrong = endings?.find((ending) => ending !== NO_ENDING && !/^\.[a-z0-9]+$/.test(ending));
  if (wrong === undefined) return endings;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option endings cannot have "${wrong}".`,
    hint: 'List endings with their dots and commas between them, such as endings=.html,.htm; none stands for files without an ending.',
  });
}

/** What is in a folder, as far as texts go. */
export interface TextFilesLook {
  /** The endings of texts that are to be read without being asked for. */
  readonly endings?: readonly string[];
  /** Texts in a form that is known and not read unless that is asked for. */
  readonly unread?: RecognisedLayout;
  /** Other files, such as tables and pictures, beside texts that are so few that they may be notes on them, or their annotations. */
  readonly others?: number;
}

/** Looks at the first files in a folder: texts end in `.txt` or, where no file does, in nothing. */
export async function lookAtTextFiles(path: string): Promise<TextFilesLook> {
  const counts = new Map<string, number>();
  const [bare, texts]: [string[], string[]] = [[], []];
  let seen = 0;
  for await (const file of filesBelow(path, isLeftover)) {
    const ending = isSideText(file.name) ? '' : endingOf(file.name);
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
    const alike = ending === NO_ENDING ? bare : TEXT_ENDINGS.includes(ending) ? texts : undefined;
    if (alike && alike.length < OPENED) alike.push(file.path);
    if (++seen === LOOK) break;
  }
  if (texts.length > 0) {
    // Beside pictures they are boxes, which readers of boxes take; numbers of other kinds are no text.
    const pictures = [...counts.keys()].some((ending) => namesImage(`x${ending}`));
    return !pictures && (await areOfNumbers(texts)) ? OF_NUMBERS : textsAmong(counts, TEXT_ENDINGS);
  }
  const [commonest] = [...counts].filter(([ending]) => ending !== '').sort(([, a], [, b]) => b - a)[0] ?? [];
  if (commonest === NO_ENDING) {
    if (!(await areTexts(bare))) return {};
    return (await areOfNumbers(bare)) ? OF_NUMBERS : textsAmong(counts, [NO_ENDING]);
  }
  if (commonest === undefined) return {};
  if (DOCUMENT_ENDINGS.includes(commonest)) {
    return {
      unread: {
        layout: `documents in class folders (${commonest})`,
        hint: `Save the text of each as a .txt file, for example with ${commonest === '.pdf' ? 'pdftotext' : 'pandoc -t plain'}, in the same class folders.`,
      },
    };
  }
  if (!MARKED_ENDINGS.includes(commonest)) return {};
  return {
    unread: {
      layout: `texts in class folders that are ${commonest} files`,
      hint: `Save them as plain text (.txt), or have them read as they are, marks and all: --reader text-folder --reader-option endings=${commonest}.`,
    },
  };
}

const OF_NUMBERS: TextFilesLook = {
  unread: {
    layout: 'text files of numbers, such as boxes or measurements',
    hint: 'Boxes in YOLO format are read beside their pictures, from a folder with images/ and labels/; measurements belong in a table, which a plugin may read.',
  },
};

function textsAmong(counts: ReadonlyMap<string, number>, endings: readonly string[]): TextFilesLook {
  let [texts, others] = [0, 0];
  for (const [ending, count] of counts) {
    if (endings.includes(ending)) texts += count;
    else if (ending !== '' && !NOTE_ENDINGS.includes(ending)) others += count;
  }
  return { endings, ...(texts < MORE_THAN_NOTES * others && { others }) };
}

/** What stands for no ending. */
const NO_ENDING = 'none';

/** A name's ending in lower case; numbers and long words behind a dot are none: `10001`, `msg.4711`. */
function endingOf(name: string): string {
  const ending = extname(name).toLowerCase();
  return /^\.[a-z][a-z0-9]{0,7}$/.test(ending) ? ending : NO_ENDING;
}

function isSideFile(name: string): boolean {
  return SIDE_ENDINGS.has(extname(name).toLowerCase());
}

/** Whether files are texts by their first bytes, in UTF-8 or an encoding like Latin-1: without a zero byte. */
async function areTexts(paths: readonly string[]): Promise<boolean> {
  const heads = await Promise.all(paths.map(headOf));
  return heads.every((head) => !head.includes(0));
}

/** Whether all files that say anything are of numbers, and there are some. */
async function areOfNumbers(paths: readonly string[]): Promise<boolean> {
  const heads = (await Promise.all(paths.map(headOf))).map((head) => head.toString());
  const told = heads.filter((head) => head.trim() !== '');
  return told.length > 0 && told.every(isOfNumbers);
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await openToRead(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
  return buffer.subarray(0, bytesRead);
}
