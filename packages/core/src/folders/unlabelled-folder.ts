import type { DataWarning } from '../domains/reading-notes.ts';
import { counted, type ClassFolderKind } from './class-folder-kind.ts';
import type { ClassFile } from './class-folders.ts';

const NAMED = 10;

/** Names of folders whose samples bear no class: the 50,000 texts in `unsup` of IMDb's reviews, `unlabeled` of STL-10. */
const NO_CLASS = /^(?:unsup|unsupervised|(?:un-?|not[ _-])(?:label+ed|annotated|sorted)|no[ _-]labels?)$/i;

/** Files whose folder names a class. */
export interface Labelled {
  readonly labels: string[];
  readonly files: ClassFile[];
  readonly warnings: DataWarning[];
}

/** The files whose folder names a class: those of folders named for having none are left aside, with a warning, beside two classes. */
export function withoutUnlabelled(labels: string[], files: ClassFile[], kind: ClassFolderKind): Labelled {
  const named = labels.filter((label) => !NO_CLASS.test(label));
  if (named.length === labels.length || named.length < 2) return { labels, files, warnings: [] };
  const bare = labels.filter((label) => NO_CLASS.test(label));
  const numbers = labels.map((label) => named.indexOf(label));
  const aside = files.filter(({ label }) => numbers[label]! < 0);
  const kept = files.flatMap((file) => (numbers[file.label]! < 0 ? [] : [{ ...file, label: numbers[file.label]! }]));
  const folders = bare.map((label) => `"${label}"`).join(' and ');
  const warning = {
    code: 'unlabelled-folder',
    message: `${bare.length === 1 ? 'The folder' : 'The folders'} ${folders} ${bare.length === 1 ? 'is' : 'are'} named for ${kind.many} without a class: ${counted(aside.length, kind)} ${aside.length === 1 ? 'is' : 'are'} left aside.`,
    hint: `Say so with --reader-option ignore=${bare.join(',')}, or use the ${kind.many} with --adapt; a folder that is a class needs another name.`,
    samples: aside.slice(0, NAMED).map(({ id }) => id),
  };
  return { labels: named, files: kept, warnings: [warning] };
}
