import { HeadstartError, type ReadOptions, type SkippedSample, type SplitName } from '@headstart/core';
import {
  groupInCell,
  sampleWeight,
  Spool,
  type DataTable,
  type PassedOver,
  type TableRecord,
  type UnlabelledSample,
} from '@headstart/core/readers';
import { basename } from 'node:path';
import type { PictureColumns } from './picture-columns.ts';
import type { PictureFinder } from './picture-finder.ts';
import type { LabelOptions } from './table-options.ts';

/** A table whose columns are known. */
export interface PictureSource {
  readonly table: DataTable;
  readonly columns: PictureColumns;
  readonly path: string;
  readonly finder: PictureFinder;
  /** The split of all its rows, where the file's name or folder tells it. */
  readonly split?: SplitName;
  /** What samples are called by their pictures' paths and by what the table calls them. */
  nameOf(path: string, written: string): string;
}

/** A picture with its labels by name. */
export interface RowPicture {
  readonly id: string;
  readonly path: string;
  /** Its file's contents, where the table has them. */
  readonly contents?: () => Uint8Array;
  readonly split?: SplitName;
  /** The class, where `several` is not set. */
  readonly labels: readonly string[];
  /** Whether the labels came as a list. */
  readonly several: boolean;
  /** What it counts in the loss, where a column says so. */
  readonly weight?: number;
  /** What it is a part of, where a column says so. */
  readonly group?: string;
}

const SHOWN = 5;

/** Takes rows one by one and makes pictures with labels of them, each picture once. */
export class RowPictures {
  readonly skipped: SkippedSample[] = [];
  readonly unlabelled: UnlabelledSample[] = [];
  readonly #pictures = new Map<string, { picture: RowPicture; where: string }>();
  readonly #repeated: string[] = [];
  readonly #spool = new Spool('pictures');

  constructor(private readonly options: LabelOptions & Pick<ReadOptions, 'skipBad' | 'withoutLabels'>) {}

  /** The pictures; none can be added any more. */
  finish(): RowPicture[] {
    this.#spool.close();
    return Array.from(this.#pictures.values(), ({ picture }) => picture);
  }

  /** What was left aside. */
  get passedOver(): PassedOver[] {
    if (this.#repeated.length === 0) return [];
    return [
      {
        what: 'rows that list the same picture with the same labels again',
        count: this.#repeated.length,
        examples: this.#repeated.slice(0, SHOWN),
      },
    ];
  }

  /** @throws HeadstartError `target-unreadable`, `label-invalid`, `sample-unreadable` */
  async add(record: TableRecord, source: PictureSource): Promise<void> {
    const { columns, path, table, finder } = source;
    const { values, line, fault } = record;
    const where = `${path}, ${table.unit} ${line}`;
    const row = `${basename(path)}:${line}`;
    if (fault !== undefined) return this.#bad(row, fault, rowFault(where, fault));
    const cell = values[columns.picture];
    const bytes = pictureBytes(cell);
    const written = writtenPath(cell) ?? (bytes && row);
    if (written === undefined) return this.#bad(row, 'the path is empty', rowError(where, 'the path is empty'));
    const split = source.split ?? splitOf(values, columns, where);
    const found = columns.label.labelsOf(values);
    if ('fault' in found) throw rowError(where, found.fault);
    const missing = 'missing' in found ? found.missing : undefined;
    const several = 'several' in found;
    const labels = 'several' in found ? found.several : 'one' in found ? [found.one] : [];
    const none = labels.length === 0 && this.options.perPicture === 'one' ? 'no label' : undefined;
    const unlabelled = missing ?? none;
    if (unlabelled !== undefined && !this.options.withoutLabels)
      return void this.unlabelled.push({ id: written, reason: `${unlabelled} in ${table.unit} ${line}` });
    if (this.options.perPicture === 'one' && labels.length > 1) {
      throw rowError(
        where,
        `it has ${labels.length} labels (${labels.join(', ')}), and labels-per-picture=one asks for one`,
      );
    }
    const weight = weightOf(values, columns, where);
    const group = columns.group === undefined ? undefined : groupInCell(values[columns.group]);
    const truth = {
      split,
      labels,
      several,
      ...(weight !== undefined && { weight }),
      ...(group !== undefined && { group }),
    };
    if (bytes) return this.#keep({ id: written, path, contents: this.#aside(bytes), ...truth }, where);
    const location = await finder.find(written);
    if ('missing' in location) {
      const { missing, hint } = location;
      const error = new HeadstartError({ code: 'sample-unreadable', message: `${where}: ${missing}.`, hint });
      return this.#bad(written, missing, error);
    }
    const id = source.nameOf(location.path, written);
    this.#take({ id, path: location.path, ...truth }, where);
  }

  /** Puts a picture aside, so that memory does not grow with them. */
  #aside(bytes: Uint8Array): () => Uint8Array {
    const start = this.#spool.write(bytes);
    const { length } = bytes;
    return () => this.#spool.read(start, length);
  }

  #keep(picture: RowPicture, where: string, key = where): void {
    this.#pictures.set(key, { picture, where });
  }

  #bad(id: string, reason: string, error: HeadstartError): void {
    if (!this.options.skipBad) throw error;
    this.skipped.push({ id, reason });
  }

  #take(picture: RowPicture, where: string): void {
    const key = `${picture.split ?? ''}\0${picture.path}`;
    const known = this.#pictures.get(key);
    if (!known) return this.#keep(picture, where, key);
    if (known.picture.group !== picture.group) throw twoGroups(picture, known.picture, where);
    if (known.picture.weight !== picture.weight) throw twoWeights(picture, known.picture, where);
    if (sameLabels(known.picture.labels, picture.labels)) return void this.#repeated.push(where);
    if (this.options.perPicture !== 'several') throw contradiction(picture, known.picture, [where, known.where]);
    const labels = [...new Set([...known.picture.labels, ...picture.labels])];
    this.#pictures.set(key, { ...known, picture: { ...known.picture, labels } });
  }
}

/** A picture that the table has: bytes, alone or as Hugging Face stores pictures. */
function pictureBytes(cell: unknown): Uint8Array | undefined {
  if (cell instanceof Uint8Array) return cell;
  return typeof cell === 'object' && cell !== null && 'bytes' in cell ? pictureBytes(cell.bytes) : undefined;
}

/** What a cell calls a picture; undefined where it is empty. */
function writtenPath(cell: unknown): string | undefined {
  if (typeof cell === 'object' && cell !== null && 'path' in cell) return writtenPath(cell.path);
  const written =
    typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'bigint' ? `${cell}`.trim() : '';
  return written === '' ? undefined : written;
}

function splitOf(values: readonly unknown[], { split: column }: PictureColumns, where: string): SplitName | undefined {
  const { split, fault } = column?.splitOf(values) ?? {};
  if (fault === undefined) return split;
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${fault}.`,
    hint: 'Correct the cell; or say with --reader-option test-values=… and validation-values=… which words mean these splits, or with split-column=none that the column means no splits.',
  });
}

/** What a row counts, where a column says so. */
function weightOf(values: readonly unknown[], { weight: column }: PictureColumns, where: string): number | undefined {
  if (column === undefined) return undefined;
  const found = sampleWeight(values[column]);
  if ('weight' in found) return found.weight;
  throw weightError(where, found.fault);
}

function twoGroups(now: RowPicture, before: RowPicture, where: string): HeadstartError {
  const named = ({ group }: RowPicture) => (group === undefined ? 'no group' : `the group "${group}"`);
  return new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${now.id} is in ${named(now)} here and in ${named(before)} in an earlier row.`,
    hint: 'Give all rows of a picture one group, or name another column with --group-column.',
  });
}

function twoWeights(now: RowPicture, before: RowPicture, where: string): HeadstartError {
  return weightError(where, `${now.id} has the weight ${now.weight} here and ${before.weight} in an earlier row`);
}

function weightError(where: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${what}.`,
    hint: 'Write a number of 0 or more (1 for what counts as usual), or name another column with the reader option weight-column.',
  });
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label) => b.includes(label));
}

function contradiction(now: RowPicture, before: RowPicture, [here, there]: readonly [string, string]): HeadstartError {
  const quoted = ({ labels }: RowPicture) => labels.map((label) => `"${label}"`).join(', ') || 'nothing';
  return new HeadstartError({
    code: 'label-invalid',
    message: `${here}: ${now.id} is labelled ${quoted(now)} here and ${quoted(before)} in ${there.slice(there.lastIndexOf(', ') + 2)}.`,
    hint: 'Correct the line; where a picture may have several labels, a row for each: --reader-option labels-per-picture=several.',
  });
}

function rowError(where: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'label-invalid',
    message: `${where}: ${what}.`,
    hint: 'Correct the line, or name the columns with the options path-column, label-column and split-column.',
  });
}

function rowFault(where: string, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${where}: ${fault}.`,
    hint: 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes. --skip-bad leaves such lines out.',
  });
}
