import { byCodeUnit, Spool } from '@headstart/core/readers';
import type { ReadSample, SplitName } from '@headstart/core';
import { Growing } from './growing.ts';
import { textDigest } from './text-digest.ts';
import type { TextSample } from './text-sample.ts';

/** A text as a reader found it. */
export interface FoundText {
  /** A name for people; `<prefix>:<line>` where it has none of its own. */
  readonly id?: string;
  readonly line: number;
  readonly text: string;
  readonly pair?: string;
  /** The class by its name. */
  readonly label?: string;
  /** Several classes or none; see `finish`. */
  readonly labels?: readonly string[];
  readonly score?: number;
  readonly weight?: number;
  readonly group?: string;
  readonly split?: SplitName;
}

/**
 * Gathers texts as samples that take some hundred bytes each, however long the texts are: the texts
 * lie in a spool and come back when a sample is asked for its own.
 */
export class TextCollector {
  readonly #rows: Rows;
  readonly #numbers = new Map<string, number>();
  readonly #splits: (SplitName | undefined)[] = [];

  /** `prefix` names the file in the samples' ids; `inMemory` bounds what stays in memory, in bytes. */
  constructor(prefix: string, inMemory?: number) {
    this.#rows = new Rows(new Spool('texts', inMemory));
    this.startFile(prefix);
  }

  /** Texts that are added from here on come from another file. */
  startFile(prefix: string): void {
    this.#rows.startFile(prefix);
  }

  get length(): number {
    return this.#splits.length;
  }

  /** @throws HeadstartError `storage-*` */
  add(found: FoundText): void {
    const labels = found.labels ?? (found.label === undefined ? [] : [found.label]);
    this.#rows.add(
      found,
      labels.map((label) => this.#number(label)),
    );
    this.#splits.push(found.split);
  }

  #number(label: string): number {
    const known = this.#numbers.get(label);
    if (known !== undefined) return known;
    this.#numbers.set(label, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  /**
   * The samples, and the labels in code-point order that their numbers point into. Where `labelsPerText` is given, all labelled
   * texts have one label, or may have several, however they were added: `one` takes lists of one each only.
   */
  finish(labelsPerText?: 'one' | 'several'): { labels: string[]; samples: ReadSample<TextSample>[] } {
    const labels = [...this.#numbers.keys()].sort(byCodeUnit);
    const order = new Map(labels.map((label, index) => [label, index]));
    this.#rows.finish(
      Int32Array.from(this.#numbers.keys(), (label) => order.get(label)!),
      labelsPerText,
    );
    return { labels, samples: this.#splits.map((split, row) => ({ sample: new StoredText(this.#rows, row), split })) };
  }
}

/** How a row's labels are meant. */
const NONE = 0;
const ONE = 1;
const SEVERAL = 2;

/** What is known of every text, column by column. */
class Rows {
  readonly #ids = new Map<number, string>();
  /** The files, and the row with which each begins. */
  readonly #files: { readonly prefix: string; readonly start: number }[] = [];
  readonly #lines = new Growing(Int32Array);
  readonly #starts = new Growing(Float64Array);
  readonly #lengths = new Growing(Int32Array);
  readonly #kinds = new Growing(Uint8Array);
  readonly #labelEnds = new Growing(Int32Array);
  readonly #labels = new Growing(Int32Array);
  readonly #scores = new Growing(Float64Array);
  readonly #weights = new Map<number, number>();
  /** Names of groups with their numbers, the names by number, and the number of each row that is in one. */
  readonly #groups = new Map<string, number>();
  readonly #groupNames: string[] = [];
  readonly #groupOf = new Map<number, number>();
  readonly #digests = new Growing(Uint8Array);
  #table!: Table;

  constructor(private readonly spool: Spool) {}

  startFile(prefix: string): void {
    this.#files.push({ prefix, start: this.#lines.length });
  }

  add({ id, line, text, pair, label, labels, score, weight, group }: FoundText, numbers: readonly number[]): void {
    if (id !== undefined) this.#ids.set(this.#lines.length, id);
    if (weight !== undefined) this.#weights.set(this.#lines.length, weight);
    if (group !== undefined) this.#groupOf.set(this.#lines.length, this.#groupNumber(group));
    const bytes = Buffer.from(text);
    this.#starts.push(this.spool.write(bytes));
    const pairBytes = pair === undefined ? undefined : Buffer.from(pair);
    if (pairBytes) this.spool.write(pairBytes);
    this.#lengths.push(bytes.length, pairBytes?.length ?? -1);
    this.#lines.push(line);
    this.#kinds.push(labels ? SEVERAL : label === undefined ? NONE : ONE);
    this.#labels.append(numbers);
    this.#labelEnds.push(this.#labels.length);
    this.#scores.push(score ?? NaN);
    this.#digests.append(Buffer.from(textDigest(text, pair), 'hex'));
  }

  /** Ends adding; `order[n]` is the final number of the label that came as n. */
  finish(order: Int32Array, labelsPerText: 'one' | 'several' | undefined): void {
    this.spool.close();
    const kinds = this.#kinds.finish();
    const kind = labelsPerText === 'one' ? ONE : SEVERAL;
    this.#table = {
      lines: this.#lines.finish(),
      starts: this.#starts.finish(),
      lengths: this.#lengths.finish(),
      kinds: labelsPerText ? kinds.map((each) => (each === NONE ? NONE : kind)) : kinds,
      labelEnds: this.#labelEnds.finish(),
      labels: this.#labels.finish().map((label) => order[label]!),
      scores: this.#scores.finish(),
      digests: Buffer.from(this.#digests.finish().buffer),
    };
  }

  id(row: number): string {
    const file = this.#files.findLast(({ start }) => start <= row)!;
    return this.#ids.get(row) ?? `${file.prefix}:${this.#table.lines[row]}`;
  }

  digest(row: number): string {
    return this.#table.digests.toString('hex', 32 * row, 32 * (row + 1));
  }

  text(row: number): string {
    return this.spool.read(this.#table.starts[row]!, this.#table.lengths[2 * row]!).toString('utf8');
  }

  pair(row: number): string | undefined {
    const length = this.#table.lengths[2 * row + 1]!;
    return length < 0
      ? undefined
      : this.spool.read(this.#table.starts[row]! + this.#table.lengths[2 * row]!, length).toString('utf8');
  }

  label(row: number): number | undefined {
    return this.#table.kinds[row] === ONE ? this.#table.labels[this.#table.labelEnds[row]! - 1] : undefined;
  }

  labels(row: number): readonly number[] | undefined {
    const { kinds, labels, labelEnds } = this.#table;
    if (kinds[row] !== SEVERAL) return undefined;
    return Array.from(labels.subarray(row === 0 ? 0 : labelEnds[row - 1], labelEnds[row])).sort((a, b) => a - b);
  }

  score(row: number): number | undefined {
    const score = this.#table.scores[row]!;
    return Number.isNaN(score) ? undefined : score;
  }

  weight(row: number): number | undefined {
    return this.#weights.get(row);
  }

  group(row: number): string | undefined {
    return this.#groupNames[this.#groupOf.get(row) ?? -1];
  }

  #groupNumber(group: string): number {
    const known = this.#groups.get(group);
    if (known !== undefined) return known;
    this.#groups.set(group, this.#groupNames.length);
    return this.#groupNames.push(group) - 1;
  }
}

interface Table {
  readonly lines: Int32Array;
  readonly starts: Float64Array;
  /** Two a row: of the text and of the pair, -1 for none. */
  readonly lengths: Int32Array;
  readonly kinds: Uint8Array;
  readonly labelEnds: Int32Array;
  readonly labels: Int32Array;
  readonly scores: Float64Array;
  /** 32 bytes per row. */
  readonly digests: Buffer;
}

/** A sample that looks up what it is asked for. */
class StoredText implements TextSample {
  constructor(
    private readonly rows: Rows,
    private readonly row: number,
  ) {}

  get id(): string {
    return this.rows.id(this.row);
  }

  get digest(): string {
    return this.rows.digest(this.row);
  }

  get text(): string {
    return this.rows.text(this.row);
  }

  get pair(): string | undefined {
    return this.rows.pair(this.row);
  }

  get label(): number | undefined {
    return this.rows.label(this.row);
  }

  get labels(): readonly number[] | undefined {
    return this.rows.labels(this.row);
  }

  get score(): number | undefined {
    return this.rows.score(this.row);
  }

  get weight(): number | undefined {
    return this.rows.weight(this.row);
  }

  get group(): string | undefined {
    return this.rows.group(this.row);
  }
}
