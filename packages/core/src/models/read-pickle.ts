import { PickleGlobal, PickleTuple, type PickleExternal, type PickleValue } from './pickle-values.ts';

/** A pickle that asks for more than data. `what` names it. */
export class UnsafePickle extends Error {
  readonly what: string;
  constructor(what: string) {
    super(`the pickle asks for ${what}`);
    this.what = what;
  }
}

/** Bytes that are no pickle of the kind read here. */
export class InvalidPickle extends Error {}

/** The bytes end before the pickle does. */
export class PickleEnds extends InvalidPickle {}

/** What the format around the pickle allows and defines. */
export interface PickleRules {
  /** Full names (`module.name`) that a pickle may mention. */
  readonly globals: ReadonlySet<string>;
  /** Value of a call of one of them. Throws {@link UnsafePickle} for a call that is not allowed. */
  call(name: string, args: readonly PickleValue[]): PickleValue;
  /** Value behind a persistent id. */
  persistent(id: PickleValue): PickleExternal;
}

const MARK = Symbol('mark');
const MAX_STACK = 1_000_000;
const MAX_MEMO = 4_000_000;
const MAX_INTEGER_BYTES = 1024;

/**
 * Reads one pickle (protocols 0 to 5, the part that holds data) and executes nothing: values are numbers,
 * texts, lists, tuples and dicts, and what `rules` define for the few names that they allow.
 *
 * Opcodes: CPython's Lib/pickletools.py.
 * @returns the value and the offset after the pickle
 * @throws UnsafePickle, InvalidPickle
 */
export function readPickle(bytes: Uint8Array, offset: number, rules: PickleRules): { value: PickleValue; end: number } {
  return new Interpreter(bytes, offset, rules).run();
}

class Interpreter {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #rules: PickleRules;
  readonly #stack: (PickleValue | typeof MARK)[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at: number;

  constructor(bytes: Uint8Array, offset: number, rules: PickleRules) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = offset;
    this.#rules = rules;
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const code = this.#byte();
      if (code === 0x2e /* STOP */) return { value: this.#pop(), end: this.#at };
      this.#step(code);
      if (this.#stack.length > MAX_STACK || this.#memo.size > MAX_MEMO) throw new InvalidPickle('it is nested or linked beyond all bounds');
    }
  }

  #step(code: number): void {
    const stack = this.#stack;
    switch (String.fromCharCode(code)) {
      case '\x80': // PROTO
        if (this.#byte() > 5) throw new InvalidPickle('its protocol is newer than 5');
        return;
      case '\x95': // FRAME
        this.#length(8);
        return;

      // constants and numbers
      case 'N': return this.#push(null);
      case '\x88': return this.#push(true);
      case '\x89': return this.#push(false);
      case 'K': return this.#push(this.#byte());
      case 'M': return this.#push(this.#number(2, (at) => this.#view.getUint16(at, true)));
      case 'J': return this.#push(this.#number(4, (at) => this.#view.getInt32(at, true)));
      case 'G': return this.#push(this.#number(8, (at) => this.#view.getFloat64(at, false)));
      case '\x8a': return this.#push(this.#long(this.#byte()));
      case '\x8b': return this.#push(this.#long(this.#length(4)));
      case 'I': return this.#push(this.#textInteger());
      case 'L': return this.#push(this.#textLong());
      case 'F': return this.#push(this.#textFloat());

      // texts and bytes
      case 'X': return this.#push(this.#utf8(this.#length(4)));
      case '\x8c': return this.#push(this.#utf8(this.#byte()));
      case '\x8d': return this.#push(this.#utf8(this.#length(8)));
      case 'U': return this.#push(this.#latin1(this.#byte()));
      case 'T': return this.#push(this.#latin1(this.#length(4)));
      case 'B': return this.#push(this.#take(this.#length(4)).slice());
      case 'C': return this.#push(this.#take(this.#byte()).slice());
      case '\x8e': return this.#push(this.#take(this.#length(8)).slice());

      // containers
      case '(':
        stack.push(MARK);
        return;
      case ')': return this.#push(new PickleTuple([]));
      case 't': return this.#push(new PickleTuple(this.#popMark()));
      case '\x85': return this.#push(new PickleTuple(this.#popMany(1)));
      case '\x86': return this.#push(new PickleTuple(this.#popMany(2)));
      case '\x87': return this.#push(new PickleTuple(this.#popMany(3)));
      case ']': return this.#push([]);
      case 'l': return this.#push(this.#popMark());
      case 'a': return this.#append([this.#pop()]);
      case 'e': return this.#append(this.#popMark());
      case '}': return this.#push(new Map());
      case 'd': {
        const items = this.#popMark();
        this.#push(new Map());
        return this.#setItems(items);
      }
      case 's': return this.#setItems(this.#popMany(2));
      case 'u': return this.#setItems(this.#popMark());
      case '\x8f': return this.#push([]); // EMPTY_SET
      case '\x90': return this.#append(this.#popMark()); // ADDITEMS
      case '\x91': return this.#push(this.#popMark()); // FROZENSET

      // stack and memo
      case '0':
        if (stack.pop() === undefined) throw new InvalidPickle('it takes from an empty stack');
        return;
      case '1':
        this.#popMark();
        return;
      case '2': return this.#push(this.#top());
      case 'q': return this.#remember(this.#byte());
      case 'r': return this.#remember(this.#length(4));
      case 'p': return this.#remember(Number(this.#textLong()));
      case '\x94': return this.#remember(this.#memo.size);
      case 'h': return this.#push(this.#recall(this.#byte()));
      case 'j': return this.#push(this.#recall(this.#length(4)));
      case 'g': return this.#push(this.#recall(Number(this.#textLong())));

      // names and what is done with them
      case 'c': return this.#push(this.#global(this.#line(), this.#line()));
      case '\x93': {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw new InvalidPickle('it names a global by something other than text');
        return this.#push(this.#global(module, name));
      }
      case 'R': return this.#reduce();
      case 'b': return this.#build();
      case 'Q': return this.#push(this.#rules.persistent(this.#pop()));
      case 'P': return this.#push(this.#rules.persistent(this.#line()));

      // what makes objects of any class
      case 'i': throw new UnsafePickle(qualified(this.#line(), this.#line()));
      case 'o': throw new UnsafePickle(`an object of ${describe(this.#popMark()[0])} (OBJ)`);
      case '\x81': throw new UnsafePickle(`an object of ${describe(this.#popMany(2)[0])} (NEWOBJ)`);
      case '\x92': throw new UnsafePickle(`an object of ${describe(this.#popMany(3)[0])} (NEWOBJ_EX)`);
      case '\x82':
      case '\x83':
      case '\x84': throw new UnsafePickle('a name from the extension registry (EXT)');
      default: throw new InvalidPickle(`it has the byte 0x${code.toString(16).padStart(2, '0')} where an instruction is due`);
    }
  }

  #global(module: string, name: string): PickleGlobal {
    const full = qualified(module, name);
    if (!this.#rules.globals.has(full)) throw new UnsafePickle(full);
    return new PickleGlobal(full);
  }

  #reduce(): void {
    const [callable, args] = this.#popMany(2);
    if (!(callable instanceof PickleGlobal)) throw new UnsafePickle(`a call of ${describe(callable)}`);
    if (!(args instanceof PickleTuple)) throw new InvalidPickle('it calls a name without a tuple of arguments');
    this.#push(this.#rules.call(callable.name, args.items));
  }

  /** State of a dict is what PyTorch hangs on to it (`_metadata`); it is dropped. No other object takes state. */
  #build(): void {
    this.#pop();
    const target = this.#top();
    if (!(target instanceof Map)) throw new UnsafePickle(`state to be set on ${describe(target)} (BUILD)`);
  }

  #append(items: PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw new InvalidPickle('it appends to something that is no list');
    for (const item of items) list.push(item);
  }

  #setItems(items: PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0) throw new InvalidPickle('it sets items of something that is no dict');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0]!;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw new InvalidPickle('it uses an empty stack');
    return value;
  }

  #popMany(count: number): PickleValue[] {
    const values = count <= this.#stack.length ? this.#stack.splice(this.#stack.length - count) : [];
    if (values.length < count || values.includes(MARK)) throw new InvalidPickle('it takes more from the stack than there is');
    return values as PickleValue[];
  }

  #popMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new InvalidPickle('it goes back to a mark that is not there');
    const values = this.#stack.splice(mark + 1) as PickleValue[];
    this.#stack.pop();
    return values;
  }

  #remember(key: number): void {
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): PickleValue {
    const value = this.#memo.get(key);
    if (value === undefined) throw new InvalidPickle(`it recalls entry ${key}, which it never stored`);
    return value;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new PickleEnds(`it needs ${length} bytes more than there are`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #byte(): number {
    return this.#take(1)[0]!;
  }

  #number(bytes: number, read: (at: number) => number): number {
    const at = this.#at;
    this.#take(bytes);
    return read(at);
  }

  #length(bytes: 4 | 8): number {
    const length = bytes === 4 ? this.#number(4, (at) => this.#view.getUint32(at, true)) : this.#number(8, (at) => Number(this.#view.getBigUint64(at, true)));
    if (length > Number.MAX_SAFE_INTEGER) throw new InvalidPickle('it claims a length beyond all bounds');
    return length;
  }

  /** Two's complement, little-endian, of any length. */
  #long(length: number): number | bigint {
    if (length > MAX_INTEGER_BYTES) throw new InvalidPickle(`it holds an integer of ${length} bytes`);
    const bytes = this.#take(length);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return smallest(BigInt.asIntN(length * 8, value));
  }

  #textInteger(): PickleValue {
    const text = this.#line();
    return text === '01' ? true : text === '00' ? false : integer(text);
  }

  #textLong(): number | bigint {
    return integer(this.#line().replace(/L$/, ''));
  }

  #textFloat(): number {
    const text = this.#line();
    const value = Number(text.replace(/^([+-]?)inf$/i, '$1Infinity'));
    if (text === '' || (Number.isNaN(value) && !/^[+-]?nan$/i.test(text))) throw new InvalidPickle('it holds a number that is none');
    return value;
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw new PickleEnds('it ends inside a line');
    const text = this.#utf8(end - this.#at);
    this.#at = end + 1;
    return text;
  }

  #utf8(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.#take(length));
    } catch (cause) {
      if (cause instanceof InvalidPickle) throw cause;
      throw new InvalidPickle('it holds text that is not UTF-8');
    }
  }

  #latin1(length: number): string {
    return Buffer.from(this.#take(length)).toString('latin1');
  }
}

function integer(text: string): number | bigint {
  if (!/^[+-]?\d{1,2048}$/.test(text)) throw new InvalidPickle('it holds an integer that is none');
  return smallest(BigInt(text.replace(/^\+/, '')));
}

function smallest(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function qualified(module: string, name: string): string {
  return `${module}.${name}`;
}

function describe(value: PickleValue | undefined): string {
  return value instanceof PickleGlobal ? value.name : 'a value';
}
