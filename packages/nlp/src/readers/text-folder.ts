import {
  detectClassFolders,
  listClassFolders,
  listEveryFile,
  type ClassFolders,
  type DataWarning,
} from '@headstart/core/readers';
import { unknownName } from '@headstart/artifacts/errors';
import { HeadstartError, type Reader, type SkippedSample } from '@headstart/core';
import { basename, resolve } from 'node:path';
import { TextCollector } from '../texts/text-collector.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { decoderOf, readTextFile } from './read-text-file.ts';
import { listedEndings, lookAtTextFiles, textFiles, type TextFilesLook } from './text-files.ts';
import { isFolder } from './text-sources.ts';
import { TextsOfNumbers } from './texts-of-numbers.ts';

/** How sure it is of folders of texts. */
const SURE = 0.6;
/** So few files of so many lines may hold a text in each line. */
const [FEW, MANY_LINES] = [100, 50];

const OPTIONS = ['class-depth', 'ignore', 'splits', 'endings', 'encoding'];

/**
 * A folder of class folders of texts, one per file: `reviews/good/1.txt` is good; splits may lie above or inside the class
 * folders (see `listClassFolders`, also for the options `class-depth`, `ignore` and `splits`). Texts end in `.txt` or, where
 * no file does, in nothing; `endings=.html,.md` lists others. Hidden files, notes and tables are passed over; every other
 * file in a class folder must be a text in UTF-8, or in what the option `encoding` names. A folder of texts without a class
 * (`unsup`) is left aside. Where no label is wanted, every text is taken, in whatever folders it lies or in none.
 */
export const textFolder: Reader<TextSample> = {
  id: 'text-folder',
  modality: 'text',
  description:
    'A folder of .txt files, in class folders where their labels are learned, with train/, validation/ and test/ above these if you like',
  task: 'text-classification',

  async detect(path, { withoutLabels = false } = {}) {
    const { endings, others } = await look(path);
    if (!endings) return 0;
    if (withoutLabels && others === undefined) return SURE;
    return detectClassFolders(path, textFiles(endings), SURE);
  },

  async recognise(path, { withoutLabels = false } = {}) {
    const { unread, endings, others = 0 } = await look(path);
    if (unread || !withoutLabels || endings === undefined || others === 0) return unread;
    return {
      layout: `text files beside ${others} other ${others === 1 ? 'file' : 'files'}`,
      hint: 'Where the texts are what is to be read, put them into a folder of their own; where it is a table, give its path.',
    };
  },

  async read(path, { skipBad, withoutLabels = false, progress, options }) {
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) throw unknownName('option of the reader text-folder', unknown, OPTIONS);
    const decode = decoderOf(options['encoding']);
    const looked = await look(path);
    const endings = listedEndings(options['endings']) ?? looked.endings;
    const { labels, files, notes } = await (withoutLabels ? everyText : listClassFolders)(
      path,
      textFiles(endings),
      options,
    );
    const collector = new TextCollector(basename(resolve(path)));
    const skipped: SkippedSample[] = [];
    const numbers = new TextsOfNumbers();
    let lines = 0;
    const bar = progress.start({ label: 'reading texts', total: files.length, unit: 'samples' });
    try {
      for (const [done, { id, path: file, label, split }] of files.entries()) {
        const read = await readTextFile(file, decode);
        if ('text' in read) {
          numbers.add(read.text, id);
          collector.add({ id, line: 1, text: read.text, split, ...(label !== undefined && { label: labels[label]! }) });
          if (withoutLabels) lines += linesOf(read.text);
        } else if (skipBad) skipped.push({ id, reason: read.fault });
        else throw badFile(file, read.fault);
        bar.update(done + 1);
      }
    } finally {
      bar.end();
    }
    // A class of which every file was left out stays a class, so that it can be missed.
    const { labels: found, samples } = collector.finish();
    const lost = withoutLabels ? undefined : labels.find((label) => !found.includes(label));
    if (lost !== undefined) throw nothingLeft(path, lost, skipped.length);
    return {
      id: basename(resolve(path)),
      modality: 'text',
      reader: 'text-folder',
      labels: withoutLabels ? labels : found,
      samples,
      skipped,
      notes: {
        ...notes,
        warnings: [
          ...(withoutLabels ? doubts(samples.length, lines, looked.others) : (notes.warnings ?? [])),
          numbers.warning(),
        ].filter((warning) => warning !== undefined),
      },
    };
  },
};

/** What speaks against each file being a text, where no class folders say that it is. */
function doubts(texts: number, lines: number, others = 0): DataWarning[] {
  const files = `${texts} text ${texts === 1 ? 'file is' : 'files are'} read as ${texts === 1 ? 'a text' : 'texts'}`;
  const warning = (message: string, hint: string): DataWarning => ({ code: 'few-texts', message, hint, samples: [] });
  return [
    ...(others > 0
      ? [
          warning(
            `${files}, and ${others} other ${others === 1 ? 'file' : 'files'} beside ${texts === 1 ? 'it' : 'them'} not at all.`,
            'If the texts are in a table, give its path; else put them into a folder of their own.',
          ),
        ]
      : []),
    ...(texts < FEW && lines >= MANY_LINES * texts
      ? [
          warning(
            `${files}, of ${Math.round(lines / texts)} lines on average.`,
            'If each line is a text of its own, give the path of one file with all of them: its lines are read one by one.',
          ),
        ]
      : []),
  ];
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length;

/** A text's file; without a class where no label is wanted. */
type TextFile = Omit<ClassFolders['files'][number], 'label'> & { readonly label?: number };

/** Every text in a folder and below, and what class folders are called there, where there are such: for messages. */
async function everyText(
  ...given: Parameters<typeof listClassFolders>
): Promise<Omit<ClassFolders, 'files'> & { readonly files: readonly TextFile[] }> {
  const { files, passedOver } = await listEveryFile(...given);
  if (files.length === 0) throw noTexts(given[0]);
  const named = await listClassFolders(...given).catch((error: unknown) => {
    if (HeadstartError.is(error)) return { labels: [] };
    throw error;
  });
  return { labels: named.labels, files, notes: { passedOver } };
}

function noTexts(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `There is no text in ${path}.`,
    hint: 'Give a folder of text files that end in .txt, or name others with --reader-option endings=.md.',
  });
}

/** Nothing is seen where there is no folder, or it cannot be walked: reading says why. */
async function look(path: string): Promise<TextFilesLook> {
  return (await isFolder(path)) ? lookAtTextFiles(path).catch((): TextFilesLook => ({})) : {};
}

function nothingLeft(path: string, label: string, skipped: number): HeadstartError {
  return new HeadstartError({
    code: 'target-too-small',
    message: `${path}: no text of the class "${label}" can be read (${skipped} left out).`,
    hint: 'Correct the files, or remove the class folder.',
  });
}

function badFile(path: string, fault: string): HeadstartError {
  const encoding = fault.includes('UTF-8')
    ? 'Save the file as UTF-8, name the encoding of such files with --reader-option encoding=windows-1252 (or another)'
    : 'Correct the file';
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${path}: ${fault}.`,
    hint: `${encoding}, or leave such texts out with --skip-bad.`,
  });
}
