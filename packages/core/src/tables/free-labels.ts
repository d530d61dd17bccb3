import { HeadstartError } from '@headstart/artifacts/errors';
import type { ReadSample, TargetData } from '../domains/target-domain.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { DataTable } from './data-table.ts';

/** Fewer labels than this can each be written once. */
const FEWEST = 10;
/** Labels to a sample from which hardly any comes back. */
const ONCE = 0.9;
/** Share of labels that end as sentences do. */
const MOST = 0.8;

/** Where labels were read, and who says that they are labels. */
export interface LabelSource {
  readonly path: string;
  readonly table: Pick<DataTable, 'columns' | 'header' | 'separator'>;
  /** The column of labels, by its index. */
  readonly column: number;
  /** Whether the column was chosen by its contents, by an option or by its name. */
  readonly chosen: 'guessed' | 'asked' | 'named';
}

type Read = Pick<TargetData, 'labels'> & { readonly samples: readonly ReadSample[] };

/**
 * Makes sure that labels are names of classes: not a text of its own for most samples and, in a table without names of
 * columns, not the ends of sentences that a comma took apart. A column that is called label is warned of; one that an
 * option names is as it was asked for.
 * @throws HeadstartError `label-invalid` for a column that was chosen by its contents
 */
export function checkFreeLabels(read: Read, { path, table, column, chosen }: LabelSource): DataWarning[] {
  const { labels, samples } = read;
  const single = samples.every(({ sample }) => sample.label !== undefined);
  if (chosen === 'asked' || labels.length < FEWEST || !single) return [];
  const share = labels.length / samples.length;
  const severalWords = labels.filter((label) => /\S\s+\S/.test(label)).length >= labels.length / 2;
  const ownLabel = share > ONCE || (share > 0.5 && severalWords);
  const sentences = table.header === false && labels.filter(endsSentence).length >= MOST * labels.length;
  if (!ownLabel && !sentences) return [];
  const name = table.columns[column]!;
  const shown = labels.slice(0, 3).map((label) => JSON.stringify(label));
  const message = `${path}: the column ${JSON.stringify(name)} has ${labels.length} different values in ${samples.length} rows (${shown.join(', ')}, …): it reads as free text, not as classes.`;
  const hint = `If they are classes, say so with --reader-option label-column=${name}; else name the column of the classes so.`;
  if (chosen === 'named')
    return [{ code: 'free-text-labels', message, hint, samples: samples.slice(0, 10).map(({ sample }) => sample.id) }];
  throw new HeadstartError({ code: 'label-invalid', message, hint: `${hint}${apart(table)}` });
}

function endsSentence(label: string): boolean {
  return /[.!?…。]["'”’)]*$/u.test(label);
}

/** What may have gone wrong where nothing but a separator tells columns. */
function apart({ header, separator }: LabelSource['table']): string {
  if (header !== false || separator === undefined) return '';
  const sign = JSON.stringify(separator);
  return ` Where ${sign} belongs to the texts, put each text between double quotes, or say what stands between the columns with --reader-option delimiter=tab.`;
}
