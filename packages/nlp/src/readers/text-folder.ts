import { detectClassFolders, listClassFolders, listEveryFile, type ClassFolders } from '@headstart/core/readers';
import { unknownName } from '@headstart/artifacts/errors';
import { HeadstartError, type Reader, type SkippedSample } from '@headstart/core';
import { basename, resolve } from 'node:path';
import { TextCollector } from '../texts/text-collector.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { decoderOf, readTextFile } from './read-text-file.ts';
import { listedEndings, lookAtTextFiles, textFiles, type TextFilesLook } from './text-files.ts';
import { isFolder } from './text-sources.ts';

/** How sure it is of folders of texts. */
const SURE = 0.6;

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
  description: 'A folder of class folders of .txt files, with train/, validation/ and test/ above them if you like',
  task: 'text-classification',

  async detect(path, { withoutLabels = false } = {}) {
    const { endings } = await look(path);
    if (!endings) return 0;
    return Math.max(await detectClassFolders(path, textFiles(endings), SURE), withoutLabels ? SURE : 0);
  },

  recognise: async (path) => (await look(path)).unread,

  async read(path, { skipBad, withoutLabels = false, progress, options }) {
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined) throw unknownName('option of the reader text-folder', unknown, OPTIONS);
    const decode = decoderOf(options['encoding']);
    const endings = listedEndings(options['endings']) ?? (await look(path)).endings;
    const { labels, files, notes } = await (withoutLabels ? everyText : listClassFolders)(
      path,
      textFiles(endings),
      options,
    );
    const collector = new TextCollector(basename(resolve(path)));
    const skipped: SkippedSample[] = [];
    const bar = progress.start({ label: 'reading texts', total: files.length, unit: 'samples' });
    try {
      for (const [done, { id, path: file, label, split }] of files.entries()) {
        const read = await readTextFile(file, decode);
        if ('text' in read)
          collector.add({ id, line: 1, text: read.text, split, ...(label !== undefined && { label: labels[label]! }) });
        else if (skipBad) skipped.push({ id, reason: read.fault });
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
      notes,
    };
  },
};

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
