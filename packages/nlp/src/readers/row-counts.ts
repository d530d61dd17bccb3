import type { DataWarning, PassedOver } from '@headstart/core/readers';

/** So many examples are kept of each kind of row. */
const WARNED = 10;
const PASSED = 5;

/** Rows of a kind: how many there are, and the first ones. */
class SeenRows {
  count = 0;
  readonly examples: string[] = [];

  add(id: string): void {
    if (this.count++ < WARNED) this.examples.push(id);
  }
}

/** Counts what rows are like while they are read, for notes and warnings. */
export class RowCounts {
  readonly #leftOut = new Map<string, SeenRows>();
  readonly #missingTexts = new SeenRows();
  readonly #missingWords = new Set<string>();
  readonly #unsplit = new SeenRows();
  readonly #emptyLists = new SeenRows();
  #split = 0;
  #lists = 0;
  #most = 0;

  leftOut(what: string, id: string): void {
    const seen = this.#leftOut.get(what) ?? new SeenRows();
    this.#leftOut.set(what, seen);
    seen.add(id);
  }

  missingText(word: string, id: string): void {
    this.#missingTexts.add(id);
    this.#missingWords.add(word);
  }

  inSplit(split: string | undefined, id: string): void {
    if (split === undefined) this.#unsplit.add(id);
    else this.#split++;
  }

  /** A list of labels in a cell. */
  list(length: number, id: string): void {
    this.#lists++;
    this.#most = Math.max(this.#most, length);
    if (length === 0) this.#emptyLists.add(id);
  }

  get hasLists(): boolean {
    return this.#lists > 0;
  }

  /** Whether all lists of labels have exactly one. */
  get listsOfOne(): boolean {
    return this.#lists > 0 && this.#most === 1 && this.#emptyLists.count === 0;
  }

  passedOver(): PassedOver[] {
    return Array.from(this.#leftOut, ([what, { count, examples }]) => ({
      what,
      count,
      examples: examples.slice(0, PASSED),
    }));
  }

  /** @param labelsPerText what was asked for, which leaves nothing to say of lists */
  warnings(labelsPerText: string | undefined): DataWarning[] {
    const lists = labelsPerText === undefined ? this.#emptyListsWarning() : undefined;
    return [this.#missingTextsWarning(), this.#unsplitWarning(), lists].filter((warning) => warning !== undefined);
  }

  #missingTextsWarning(): DataWarning | undefined {
    const { count, examples } = this.#missingTexts;
    if (count === 0) return undefined;
    return {
      code: 'missing-texts',
      message: `${count} ${count === 1 ? 'text is' : 'texts are'} ${[...this.#missingWords].join(' or ')}, which stands for a missing text in many tables.`,
      hint: 'Leave such rows out with --reader-option missing-texts=leave-out, or say that they are texts with missing-texts=keep.',
      samples: examples,
    };
  }

  #unsplitWarning(): DataWarning | undefined {
    const { count, examples } = this.#unsplit;
    if (count === 0 || this.#split === 0) return undefined;
    return {
      code: 'split-values',
      message: `${count} of ${count + this.#split} rows have an empty cell where others name their split: they are trained on.`,
      hint: 'Write their split into the table, or have splits drawn over all rows with --reader-option split-column=none.',
      samples: examples,
    };
  }

  #emptyListsWarning(): DataWarning | undefined {
    const { count, examples } = this.#emptyLists;
    if (count === 0 || this.#most !== 1) return undefined;
    return {
      code: 'empty-label-lists',
      message: `No list has more than one label, and ${count} of ${this.#lists} are empty: these are texts to which no label applies.`,
      hint: 'Where they are texts that nobody has labelled: --reader-option labels-per-text=one takes every text for one of one class, and an empty list for a missing label.',
      samples: examples,
    };
  }
}
