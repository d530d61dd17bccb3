/** How what comes one by one is put together. */
export interface GatherOptions<Item, Result> {
  /** How long the first of a batch waits for others, in milliseconds. */
  readonly window: number;
  /** The most items of a batch, of those that are added without a bound of their own. */
  readonly size: number;
  /** Works on a batch: one result per item, in their order. */
  run(items: readonly Item[]): Promise<readonly Result[]>;
}

/** Items that were added together. */
interface Group {
  /** Items of a batch, at most. */
  readonly most: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly group: Group;
  readonly since: number;
  readonly started: (() => void) | undefined;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes items, one by one or several together, and works on them in batches, one batch after another: those that come
 * within the window, or while the batch before is worked on. What makes its batch fail fails alone: the item, or those
 * that it was added with.
 */
export class Gather<Item, Result> {
  readonly #waiting: Waiting<Item, Result>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running = false;

  constructor(private readonly options: GatherOptions<Item, Result>) {}

  /**
   * @param signal takes the item back while it waits: the promise is rejected with the signal's reason. Once its batch has
   * started, the result comes all the same
   * @param started called when its batch starts, or it is taken back
   */
  add(item: Item, signal?: AbortSignal, started?: () => void): Promise<Result> {
    const result = this.#add(item, { most: this.options.size }, signal, started);
    this.#next();
    return result;
  }

  /** Results in the order of the items. @param most items of a batch that they are in */
  addAll(items: readonly Item[], most = this.options.size): Promise<Result[]> {
    const group = { most };
    const results = items.map((item) => this.#add(item, group));
    this.#next();
    return Promise.all(results);
  }

  #add(item: Item, group: Group, signal?: AbortSignal, started?: () => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        started?.();
        return reject(signal.reason as Error);
      }
      const takeBack = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        started?.();
        reject(signal!.reason as Error);
      };
      const waiting: Waiting<Item, Result> = {
        item,
        group,
        since: performance.now(),
        started: () => {
          signal?.removeEventListener('abort', takeBack);
          started?.();
        },
        resolve,
        reject,
      };
      signal?.addEventListener('abort', takeBack, { once: true });
      this.#waiting.push(waiting);
    });
  }

  /** Starts a batch when there is one to start now, or sees to it that it starts in time. */
  #next(): void {
    const first = this.#waiting[0];
    if (this.#running || first === undefined) return;
    const left = first.since + this.options.window - performance.now();
    clearTimeout(this.#timer);
    if (this.#waiting.length >= first.group.most || left <= 0) void this.#start();
    else this.#timer = setTimeout(() => void this.#start(), left);
  }

  async #start(): Promise<void> {
    clearTimeout(this.#timer);
    const batch = this.#waiting.splice(0, sizeOfNext(this.#waiting));
    if (batch.length === 0) return;
    this.#running = true;
    for (const { started } of batch) started?.();
    try {
      await this.#work(batch);
    } finally {
      this.#running = false;
      this.#next();
    }
  }

  async #work(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => resolve(results[i]!));
    } catch (error) {
      const groups = new Set(batch.map(({ group }) => group));
      if (groups.size === 1) for (const { reject } of batch) reject(error);
      else for (const group of groups) await this.#work(batch.filter((each) => each.group === group));
    }
  }
}

/** How many of those that wait go into the next batch: all of one group where nothing else waits, else as `batchOf` says. */
function sizeOfNext(waiting: readonly { readonly group: Group }[]): number {
  let most = Infinity;
  let count = 0;
  for (const { group } of waiting) {
    if (count >= Math.min(most, group.most)) break;
    most = Math.min(most, group.most);
    count++;
  }
  const together = waiting.length === count && waiting.every(({ group }) => group === waiting[0]!.group);
  return together ? count : batchOf(count, most);
}

/**
 * How many of those that wait go into a batch: the most there may be, or else the greatest power of two among them. A
 * step is compiled for each size that it meets, so there are to be few; the others go with the next.
 */
export function batchOf(waiting: number, most: number): number {
  return waiting >= most ? most : 2 ** Math.floor(Math.log2(Math.max(1, waiting)));
}
