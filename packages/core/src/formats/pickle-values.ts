/** A tuple of a pickle; lists are arrays. */
export class PickleTuple {
  readonly items: readonly PickleValue[];
  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A name that a pickle asks to import. It is never imported: it stands for one of the few names known here. */
export class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A value that the file format, not the pickle, defines: a storage or a tensor over one. */
export class PickleExternal<T = unknown> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleTuple
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleExternal;
