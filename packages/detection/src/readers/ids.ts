/** Ids of things: whole numbers, or texts. A number above 2^53, which JavaScript would round, is the text of its digits. */
export type Id = number | string;

/** The value of `id`-like members; undefined for what is neither a whole number nor a text. */
export function idOf(value: unknown): Id | undefined {
  return Number.isSafeInteger(value) || (typeof value === 'string' && value !== '') ? (value as Id) : undefined;
}

/** What ids are compared by: exporters write `7` in one list and `"7"` in another. */
export function keyOf(id: Id): Id {
  if (typeof id === 'number' || !/^(0|-?[1-9]\d{0,15})$/.test(id)) return id;
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
}

/** Gives ids places 0, 1, 2, … in the order in which they are first met. */
export class Places {
  readonly #places = new Map<Id, number>();
  readonly ids: Id[] = [];

  of(id: Id): number {
    const key = keyOf(id);
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.ids.length));
      this.ids.push(id);
    }
    return place;
  }

  find(id: Id): number | undefined {
    return this.#places.get(keyOf(id));
  }
}

/** The ids of annotations, row by row; those that are absent, or that an earlier row has, are replaced. */
export class RowIds {
  readonly #ids: (Id | undefined)[] = [];

  add(id: Id | undefined): void {
    this.#ids.push(id);
  }

  get(row: number): Id | undefined {
    return this.#ids[row];
  }

  /** Gives such rows the lowest whole numbers from 1 on that no row has. Returns these rows. */
  renew(): number[] {
    if (this.#areDistinct()) return [];
    const taken = new Set(this.#ids.map((id) => id !== undefined && keyOf(id)));
    const seen = new Set<Id>();
    const renewed: number[] = [];
    let next = 1;
    this.#ids.forEach((id, row) => {
      const key = id === undefined ? undefined : keyOf(id);
      if (key !== undefined && !seen.has(key)) return void seen.add(key);
      while (taken.has(next)) next++;
      this.#ids[row] = next++;
      renewed.push(row);
    });
    return renewed;
  }

  /** Numbers are sorted in one array: a set of millions would take many times the memory. */
  #areDistinct(): boolean {
    const texts = new Set<Id>();
    const numbers = new Float64Array(this.#ids.length);
    let count = 0;
    for (const id of this.#ids) {
      if (id === undefined) return false;
      const key = keyOf(id);
      if (typeof key === 'number') numbers[count++] = key;
      else if (texts.has(key)) return false;
      else texts.add(key);
    }
    const sorted = numbers.subarray(0, count).sort();
    return sorted.every((id, i) => i === 0 || id !== sorted[i - 1]);
  }
}
