import { HeadstartError } from '@headstart/artifacts/errors';

/** Until when something may be used, and what is under way on it: its end waits for that, and comes once. */
export class Lifetime {
  readonly #underWay = new Set<Promise<unknown>>();
  #end: Promise<void> | undefined;

  /**
   * @param what it is that ends, with what has happened then: `The model has been disposed of`
   * @param within what ends later, and whose end ends this
   */
  constructor(
    private readonly what: string,
    private readonly within?: Pick<Lifetime, 'check' | 'use'>,
  ) {}

  /** @throws HeadstartError `closed` after the end */
  check(): void {
    this.within?.check();
    if (this.#end === undefined) return;
    throw new HeadstartError({
      code: 'closed',
      message: `${this.what}: it cannot be used any more.`,
      hint: 'Use it before, or open it again.',
    });
  }

  /** Runs work that the end waits for. @throws HeadstartError `closed` after the end */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const outer = this.within;
    const result = outer ? outer.use(work) : work();
    this.#underWay.add(result);
    try {
      return await result;
    } finally {
      this.#underWay.delete(result);
    }
  }

  /** Frees what there was: at once where nothing is under way, else after it. Does nothing the second time. */
  end(free: () => void | Promise<void>): Promise<void> {
    if (this.#end) return this.#end;
    const left = [...this.#underWay];
    if (left.length > 0) return (this.#end = Promise.allSettled(left).then(free));
    this.#end = Promise.resolve(); // nothing may be used while it is being freed
    return (this.#end = Promise.resolve(free()));
  }
}
