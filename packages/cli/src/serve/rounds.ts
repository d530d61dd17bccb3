/**
 * Begins pieces of work in the order they come, one each time that the event loop goes round: what the system reports at
 * once, such as the requests of hundreds of clients, does not hold the loop until the last of them has begun.
 */
export class Rounds {
  readonly #waiting: (() => void)[] = [];
  #scheduled = false;

  add(begin: () => void): void {
    this.#waiting.push(begin);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      // Before the work: an error of one does not keep the others from beginning.
      const begin = this.#waiting.shift()!;
      this.#schedule();
      begin();
    });
  }
}
