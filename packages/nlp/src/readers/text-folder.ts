import {
  detectClassFolders,
  isLeftover,
  listClassFolders,
  readUtf8,
  type ClassFolderKind,
} from '@headstart/core/readers';
import { HeadstartError, type Reader, type SkippedSample } from '@headstart/core';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { TextCollector } from '../texts/text-collector.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { checkText, tooLarge } from './check-text.ts';

/** What lies beside texts in published data sets and is none. */
const SIDE_EXTENSIONS = new Set('.md .rst .json .jsonl .csv .tsv .xml .yaml .yml .html .pdf'.split(' '));

const textFiles: ClassFolderKind = {
  one: 'text file',
  many: 'text files',
  names: (name) => extname(name).toLowerCase() === '.txt',
  passOver: (name) => isLeftover(name) || SIDE_EXTENSIONS.has(extname(name).toLowerCase()),
};

/**
 * A folder of class folders of texts, one per file: `reviews/good/1.txt` is good. Where all folders are
 * named `train`, `validation` (or `val`, `valid`) and `test`, and train is among them, they are the splits
 * and the class folders lie inside. Hidden files, notes and tables are passed over; every other file in
 * a class folder must be a text in UTF-8.
 */
export const textFolder: Reader<TextSample> = {
  id: 'text-folder',
  modality: 'text',
  description: 'A folder of class folders of .txt files, with train/, validation/ and test/ above them if you like',
  task: 'text-classification',

  detect: (path) => detectClassFolders(path, textFiles, 0.6),

  async read(path, { skipBad, progress, options }) {
    const { labels, files, notes } = await listClassFolders(path, textFiles, options);
    const collector = new TextCollector(basename(resolve(path)));
    const skipped: SkippedSample[] = [];
    const bar = progress.start({ label: 'reading texts', total: files.length, unit: 'samples' });
    try {
      for (const [done, { id, path: file, label, split }] of files.entries()) {
        const read = await readText(file);
        if ('text' in read) collector.add({ id, line: 1, text: read.text, label: labels[label]!, split });
        else if (skipBad) skipped.push({ id, reason: read.fault });
        else throw badFile(file, read.fault);
        bar.update(done + 1);
      }
    } finally {
      bar.end();
    }
    // A class of which every file was left out stays a class, so that it can be missed.
    const { labels: found, samples } = collector.finish();
    if (found.length === labels.length)
      return { id: basename(resolve(path)), modality: 'text', reader: 'text-folder', labels, samples, skipped, notes };
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${path}: no text of the class "${labels.find((label) => !found.includes(label))}" can be read (${skipped.length} left out).`,
      hint: 'Correct the files, or remove the class folder.',
    });
  },
};

/** A file's text without its byte-order mark and its last line break. */
async function readText(path: string): Promise<{ text: string } | { fault: string }> {
  try {
    const fault = tooLarge((await stat(path)).size, 'the text');
    if (fault) return { fault };
    const text = (await readUtf8(path)).replace(/\r?\n$/, '');
    const empty = checkText(text, 'the text');
    return empty ? { fault: empty } : { text };
  } catch (cause) {
    if (HeadstartError.is(cause)) return { fault: cause.message.replace(`${path} `, 'it ').replace(/\.$/, '') };
    const code = (cause as NodeJS.ErrnoException).code;
    return {
      fault: code === 'ENOENT' ? 'it is a link that leads nowhere' : `it cannot be read (${String(code ?? cause)})`,
    };
  }
}

function badFile(path: string, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${path}: ${fault}.`,
    hint: 'Save the file as UTF-8, or leave such texts out with --skip-bad.',
  });
}
