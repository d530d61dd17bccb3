import { shown } from '@headstart/artifacts/errors';
import { HeadstartError, type ReadOptions, type ReadSample, type SkippedSample, type SplitName } from '@headstart/core';
import {
  groupInCell,
  joinedLabelsWarning,
  sampleWeight,
  type DataWarning,
  type PassedOver,
  type UnlabelledSample,
} from '@headstart/core/readers';
import { TextCollector } from '../texts/text-collector.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { checkText } from './check-text.ts';
import type { ReadingOptions } from './reading-options.ts';
import { RowCounts } from './row-counts.ts';
import type { TextColumns } from './text-columns.ts';
import type { TextRecord, TextTable } from './text-record.ts';
import { TextsOfNumbers } from './texts-of-numbers.ts';

/** A table whose columns are known. */
export interface TextSource {
  readonly table: TextTable;
  readonly columns: TextColumns;
  readonly path: string;
  /** What names the file in the samples' ids. */
  readonly name: string;
  /** The split of all its rows, where the file's name tells it. */
  readonly split?: SplitName;
}

export interface ReadTexts {
  readonly labels: string[];
  readonly samples: ReadSample<TextSample>[];
  readonly skipped: SkippedSample[];
  readonly unlabelled: UnlabelledSample[];
  readonly passedOver: PassedOver[];
  readonly warnings: DataWarning[];
  /** Whether all labels came as lists of one each, and are taken for that label. */
  readonly listsOfOne: boolean;
}

/** What a row has to say beside its text. */
interface Truth {
  readonly label?: string;
  readonly labels?: readonly string[];
  readonly score?: number;
  readonly missing?: string;
}

/** Words that tables have for a value that is not there. */
const MISSING = new Set(['nan', 'none', 'null', 'n/a', '#n/a', '<na>', 'nat', '\\n']);

/** Takes rows one by one and makes samples of them. */
export class TextRows {
  readonly #collector = new TextCollector('');
  readonly #counts = new RowCounts();
  readonly #numbers = new TextsOfNumbers();
  readonly #skipped: SkippedSample[] = [];
  readonly #unlabelled: UnlabelledSample[] = [];

  constructor(private readonly options: ReadingOptions & Pick<ReadOptions, 'skipBad' | 'withoutLabels'>) {}

  /** Rows that are added from here on come from another file. */
  startFile(name: string): void {
    this.#collector.startFile(name);
  }

  /** @throws HeadstartError `sample-unreadable` for a row without a text that can be used; `label-invalid` */
  add(record: TextRecord, source: TextSource): void {
    const { columns, name, path, table } = source;
    const { values, line, part, leftOut } = record;
    const id = `${name}:${line}${part === undefined ? '' : `.${part}`}`;
    if (leftOut !== undefined) return this.#counts.leftOut(leftOut, id);
    const where = `${path}, ${table.unit} ${line}`;
    const fault = record.fault ?? textFault(values, columns);
    if (fault !== undefined && !this.options.skipBad)
      throw badRow(where, fault, record.fault === undefined ? undefined : table.separator);
    const reason = fault ?? this.#missingText(values, columns, id);
    if (reason !== undefined) return void this.#skipped.push({ id, reason });
    const { missing, ...truth } = this.#truth(record, columns, id, where);
    if (missing !== undefined && !this.options.withoutLabels)
      return void this.#unlabelled.push({ id, reason: missing });
    const weight = weightOf(values, columns, where);
    const split = source.split ?? splitOf(values, columns, where);
    if (columns.split) this.#counts.inSplit(split, id);
    const text = wellFormed(values[columns.text] as string);
    this.#numbers.add(text, id);
    this.#collector.add({
      id: part === undefined ? undefined : id,
      line,
      text,
      pair: columns.pair === undefined ? undefined : wellFormed(values[columns.pair] as string),
      ...truth,
      weight,
      group: columns.group === undefined ? undefined : groupInCell(values[columns.group]),
      split,
    });
  }

  finish(): ReadTexts {
    const { labelsPerText, separated } = this.options;
    const several = labelsPerText === 'several' || separated;
    const listsOfOne = !several && this.#counts.listsOfOne;
    const perText =
      labelsPerText === 'one' || listsOfOne ? 'one' : several || this.#counts.hasLists ? 'several' : undefined;
    const found = this.#collector.finish(perText);
    const joined = perText === undefined ? joinedLabelsWarning(found) : undefined;
    return {
      ...found,
      skipped: this.#skipped,
      unlabelled: this.#unlabelled,
      passedOver: this.#counts.passedOver(),
      warnings: [...this.#counts.warnings(labelsPerText), joined, this.#numbers.warning()].filter(
        (each) => each !== undefined,
      ),
      listsOfOne,
    };
  }

  /** Why a row is left out whose text is a word for a missing value; counts it where it is not. */
  #missingText(values: readonly unknown[], columns: TextColumns, id: string): string | undefined {
    const word = [columns.text, columns.pair].map((column) => String(values[column ?? -1]).trim());
    const missing = word.find((each, i) => (i === 0 || columns.pair !== undefined) && MISSING.has(each.toLowerCase()));
    if (missing === undefined) return undefined;
    if (this.options.missingTexts === 'leave-out') return `the text is "${missing}"`;
    if (this.options.missingTexts === undefined) this.#counts.missingText(missing, id);
    return undefined;
  }

  #truth(record: TextRecord, { label, score }: TextColumns, id: string, where: string): Truth {
    if (record.unlabelled !== undefined && label) return { missing: record.unlabelled };
    const number: Truth = score === undefined ? {} : scoreOf(record.values[score], where);
    if (!label || number.missing !== undefined) return number;
    const found = label.labelsOf(record.values);
    if ('fault' in found) throw labelError(where, found.fault);
    if ('missing' in found) return found;
    if ('one' in found) return { ...number, label: found.one };
    const { several } = found;
    if (this.options.labelsPerText === 'one') {
      if (several.length === 0) return { missing: 'the list of labels is empty' };
      if (several.length > 1)
        throw labelError(
          where,
          `it has ${several.length} labels (${several.join(', ')}), and labels-per-text=one asks for one`,
        );
    }
    if (!label.names) this.#counts.list(several.length, id);
    return { ...number, labels: several };
  }
}

/** What is wrong with the texts of a row. */
function textFault(values: readonly unknown[], { text, pair }: TextColumns): string | undefined {
  return (
    checkText(values[text], 'the text') ?? (pair === undefined ? undefined : checkText(values[pair], 'the second text'))
  );
}

/** Half a surrogate pair has no UTF-8: it becomes U+FFFD, as everywhere on the web. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function scoreOf(value: unknown, where: string): Truth {
  const text = typeof value === 'string' ? value.trim() : value;
  if (text === '' || text === null || text === undefined || Number.isNaN(text))
    return { missing: 'the score is empty' };
  const score = typeof text === 'boolean' ? NaN : Number(text);
  if (Number.isFinite(score)) return { score };
  throw labelError(where, `the score ${shown(text)} is not a number`);
}

/** What a row counts, where a column says so. */
function weightOf(values: readonly unknown[], { weight: column }: TextColumns, where: string): number | undefined {
  if (column === undefined) return undefined;
  const found = sampleWeight(values[column]);
  if ('weight' in found) return found.weight;
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${found.fault}.`,
    hint: 'Write a number of 0 or more (1 for what counts as usual), or name another column with the reader option weight-column.',
  });
}

function splitOf(values: readonly unknown[], { split: column }: TextColumns, where: string): SplitName | undefined {
  const { split, fault } = column?.splitOf(values) ?? {};
  if (fault === undefined) return split;
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${fault}.`,
    hint: 'Correct the cell; or say with --reader-option test-values=… and validation-values=… which words mean these splits, or with split-column=none that the column means no splits.',
  });
}

/** @param separator what stands between cells, where they cannot be matched to columns */
function badRow(where: string, fault: string, separator: string | undefined): HeadstartError {
  const cells =
    separator === undefined
      ? ''
      : ` A cell with a quote or with ${JSON.stringify(separator)}, which separates cells here, belongs in double quotes, each quote in it written twice.`;
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${where}: ${fault}.`,
    hint: `Correct the ${where.includes(', line ') ? 'line' : 'row'}, or leave such texts out with --skip-bad.${cells}`,
  });
}

function labelError(where: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${what}.`,
    hint: 'Correct the line, or name the columns with the reader options label-column, score-column and split-column.',
  });
}
