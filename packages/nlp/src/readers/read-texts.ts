import { HeadstartError, type ReadOptions, type ReadSample, type SkippedSample, type SplitName } from '@headstart/core';
import { SPLIT_WORDS, splitNamed, type DataTable, type TableRecord } from '@headstart/core/readers';
import { basename } from 'node:path';
import { TextCollector } from '../texts/text-collector.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { checkText } from './check-text.ts';
import type { TextColumns } from './text-columns.ts';

export interface ReadTexts {
  readonly labels: string[];
  readonly samples: ReadSample<TextSample>[];
  readonly skipped: SkippedSample[];
}

/**
 * Reads a table's rows one by one into samples; with `skipBad`, rows without a text that can be used are
 * left out and listed.
 * @throws HeadstartError `sample-unreadable` for the first row without such a text; `label-invalid`
 */
export async function readTexts(
  table: DataTable,
  columns: TextColumns,
  path: string,
  { skipBad, progress, options }: ReadOptions,
): Promise<ReadTexts> {
  const collector = new TextCollector(basename(path));
  const skipped: SkippedSample[] = [];
  const separator = options['label-separator'];
  if (separator === '') {
    throw new HeadstartError({
      code: 'invalid-option',
      message: 'The reader option label-separator is empty.',
      hint: 'Give what stands between labels, such as label-separator=";".',
    });
  }
  const bar = progress.start({ label: 'reading texts', unit: 'samples' });
  try {
    let read = 0;
    let kind: Truth['kind'] | undefined;
    const wanted = Object.values(columns).filter((column) => column !== undefined);
    for await (const record of table.records(wanted)) {
      const where = `${path}, ${table.unit} ${record.line}`;
      const fault = record.fault ?? textFault(record, columns);
      if (fault !== undefined) {
        if (!skipBad) throw badRow(where, fault);
        skipped.push({ id: `${basename(path)}:${record.line}`, reason: fault });
        continue;
      }
      const truth = truthOf(record.values[columns.label ?? -1], columns.label !== undefined, separator, where);
      kind ??= truth.kind;
      if (truth.kind !== kind) throw labelError(where, 'the label is a list in some lines and none in others');
      const { line, values } = record;
      const pair = columns.pair === undefined ? undefined : wellFormed(values[columns.pair] as string);
      const score = columns.score === undefined ? undefined : scoreOf(values[columns.score], where);
      collector.add({
        line,
        text: wellFormed(values[columns.text] as string),
        pair,
        ...truth,
        score,
        split: splitOf(values[columns.split ?? -1], where),
      });
      if (++read % 1000 === 0) bar.update(read);
    }
    bar.update(read);
    return { ...collector.finish(), skipped };
  } finally {
    bar.end();
  }
}

/** What is wrong with the texts of a row. */
function textFault({ values }: TableRecord, { text, pair }: TextColumns): string | undefined {
  return (
    checkText(values[text], 'the text') ?? (pair === undefined ? undefined : checkText(values[pair], 'the second text'))
  );
}

/** Half a surrogate pair has no UTF-8: it becomes U+FFFD, as everywhere on the web. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

type Truth = { kind: 'none' } | { kind: 'one'; label: string } | { kind: 'several'; labels: string[] };

function truthOf(value: unknown, labelled: boolean, separator: string | undefined, where: string): Truth {
  if (!labelled) return { kind: 'none' };
  if (Array.isArray(value)) return { kind: 'several', labels: distinct(value.map((each) => labelOf(each, where))) };
  if (separator !== undefined) {
    const names =
      value === undefined || value === null
        ? []
        : labelText(value, where)
            .split(separator)
            .map((name) => name.trim());
    return { kind: 'several', labels: distinct(names.filter((name) => name !== '')) };
  }
  return { kind: 'one', label: labelOf(value, where) };
}

function labelOf(value: unknown, where: string): string {
  const label = value === undefined || value === null ? '' : labelText(value, where).trim();
  if (label === '') throw labelError(where, 'the label is empty');
  return label;
}

function labelText(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  throw labelError(where, `the label is ${Array.isArray(value) ? 'a list' : `of type ${typeof value}`}`);
}

function scoreOf(value: unknown, where: string): number {
  const text = typeof value === 'string' ? value.trim() : value;
  const score = text === '' || text === null || text === undefined || typeof text === 'boolean' ? NaN : Number(text);
  if (Number.isFinite(score)) return score;
  throw labelError(
    where,
    value === undefined || text === '' ? 'the score is empty' : `the score ${JSON.stringify(text)} is not a number`,
  );
}

function splitOf(value: unknown, where: string): SplitName | undefined {
  const name = typeof value === 'string' ? value.trim() : '';
  const split = splitNamed(name);
  if (name !== '' && !split) throw labelError(where, `the split "${name}" is not one of ${SPLIT_WORDS}`);
  return split;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function badRow(where: string, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${where}: ${fault}.`,
    hint: 'Correct the line, or leave such texts out with --skip-bad.',
  });
}

function labelError(where: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${what}.`,
    hint: 'Correct the line, or name the columns with the reader options label-column, score-column and split-column.',
  });
}
