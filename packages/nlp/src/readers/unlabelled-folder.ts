import type { ClassFile, DataWarning } from '@headstart/core/readers';

/** Names of folders whose texts bear no class, such as the 50,000 in `unsup` of IMDb's reviews. */
const NO_CLASS = /^(?:unsup|unsupervised|un-?label(?:l)?ed)$/i;

export interface Labelled {
  readonly labels: readonly string[];
  readonly files: readonly ClassFile[];
  readonly warnings: readonly DataWarning[];
}

/** The files whose folder names a class: those of folders named for having none are left aside, with a warning, beside two classes. */
export function withoutUnlabelled(labels: readonly string[], files: readonly ClassFile[]): Labelled {
  const named = labels.filter((label) => !NO_CLASS.test(label));
  if (named.length === labels.length || named.length < 2) return { labels, files, warnings: [] };
  const bare = labels.filter((label) => NO_CLASS.test(label));
  const numbers = labels.map((label) => named.indexOf(label));
  const aside = files.filter(({ label }) => numbers[label]! < 0);
  const kept = files.flatMap((file) => (numbers[file.label]! < 0 ? [] : [{ ...file, label: numbers[file.label]! }]));
  const folders = bare.map((label) => `"${label}"`).join(' and ');
  const warning = {
    code: 'unlabelled-folder',
    message: `${bare.length === 1 ? 'The folder' : 'The folders'} ${folders} ${bare.length === 1 ? 'is' : 'are'} named for texts without a class: ${aside.length} ${aside.length === 1 ? 'text is' : 'texts are'} left aside.`,
    hint: `Say so with --reader-option ignore=${bare.join(',')}, or use the texts with --adapt; a folder that is a class needs another name.`,
    samples: aside.slice(0, 10).map(({ id }) => id),
  };
  return { labels: named, files: kept, warnings: [warning] };
}
