/** Room that work shares: what does not fit waits until others are done, in the order in which it came. */
export class Room {
  #free: number;
  readonly #waiting: { readonly amount: number; readonly enter: () => void }[] = [];

  constructor(private readonly total: number) {
    this.#free = total;
  }

  /** Does work in so much of the room. What is larger than all of it has it alone. */
  async within<T>(amount: number, work: () => Promise<T>): Promise<T> {
    const taken = Math.min(amount, this.total);
    if (this.#waiting.length > 0 || taken > this.#free)
      await new Promise<void>((enter) => this.#waiting.push({ amount: taken, enter }));
    else this.#free -= taken;
    try {
      return await work();
    } finally {
      this.#free += taken;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && next.amount <= this.#free; next = this.#waiting[0]) {
      this.#free -= next.amount;
      this.#waiting.shift();
      next.enter();
    }
  }
}
