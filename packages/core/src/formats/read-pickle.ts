import { InvalidPickle, PickleBytes } from './pickle-bytes.ts';
import { PickleGlobal, PickleTuple, type PickleExternal, type PickleValue } from './pickle-values.ts';

/** A pickle that asks for more than data. `what` names it. */
export class UnsafePickle extends Error {
  readonly what: string;
  constructor(what: string) {
    super(`the pickle asks for ${what}`);
    this.what = what;
  }
}

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
/** Values, also such as are thrown away again: a pickle of weights makes some dozens a tensor. */
const MAX_VALUES = 4_000_000;

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
  readonly #bytes: PickleBytes;
  readonly #rules: PickleRules;
  readonly #stack: (PickleValue | typeof MARK)[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #pushed = 0;

  constructor(bytes: Uint8Array, offset: number, rules: PickleRules) {
    this.#bytes = new PickleBytes(bytes, offset);
    this.#rules = rules;
  }

  run(): { value: PickleValue; end: number } {
    for (;;) {
      const code = this.#bytes.byte();
      if (code === 0x2e /* STOP */) return { value: this.#pop(), end: this.#bytes.at };
      this.#step(code);
      if (this.#stack.length > MAX_STACK || this.#memo.size > MAX_MEMO)
        throw new InvalidPickle('it is nested or linked beyond all bounds');
    }
  }

  #step(code: number): void {
    const stack = this.#stack;
    switch (String.fromCharCode(code)) {
      case '\x80': // PROTO
        if (this.#bytes.byte() > 5) throw new InvalidPickle('its protocol is newer than 5');
        return;
      case '\x95': // FRAME
        this.#bytes.length(8);
        return;

      // constants and numbers
      case 'N':
        return this.#push(null);
      case '\x88':
        return this.#push(true);
      case '\x89':
        return this.#push(false);
      case 'K':
        return this.#push(this.#bytes.byte());
      case 'M':
        return this.#push(this.#bytes.uint16());
      case 'J':
        return this.#push(this.#bytes.int32());
      case 'G':
        return this.#push(this.#bytes.float64());
      case '\x8a':
        return this.#push(this.#bytes.long(this.#bytes.byte()));
      case '\x8b':
        return this.#push(this.#bytes.long(this.#bytes.length(4)));
      case 'I':
        return this.#push(this.#bytes.textInteger());
      case 'L':
        return this.#push(this.#bytes.textLong());
      case 'F':
        return this.#push(this.#bytes.textFloat());

      // texts and bytes
      case 'X':
        return this.#push(this.#bytes.utf8(this.#bytes.length(4)));
      case '\x8c':
        return this.#push(this.#bytes.utf8(this.#bytes.byte()));
      case '\x8d':
        return this.#push(this.#bytes.utf8(this.#bytes.length(8)));
      case 'U':
        return this.#push(this.#bytes.latin1(this.#bytes.byte()));
      case 'T':
        return this.#push(this.#bytes.latin1(this.#bytes.length(4)));
      case 'B':
        return this.#push(this.#bytes.take(this.#bytes.length(4)).slice());
      case 'C':
        return this.#push(this.#bytes.take(this.#bytes.byte()).slice());
      case '\x8e':
        return this.#push(this.#bytes.take(this.#bytes.length(8)).slice());

      // containers
      case '(':
        stack.push(MARK);
        return;
      case ')':
        return this.#push(new PickleTuple([]));
      case 't':
        return this.#push(new PickleTuple(this.#popMark()));
      case '\x85':
        return this.#push(new PickleTuple(this.#popMany(1)));
      case '\x86':
        return this.#push(new PickleTuple(this.#popMany(2)));
      case '\x87':
        return this.#push(new PickleTuple(this.#popMany(3)));
      case ']':
        return this.#push([]);
      case 'l':
        return this.#push(this.#popMark());
      case 'a':
        return this.#append([this.#pop()]);
      case 'e':
        return this.#append(this.#popMark());
      case '}':
        return this.#push(new Map());
      case 'd': {
        const items = this.#popMark();
        this.#push(new Map());
        return this.#setItems(items);
      }
      case 's':
        return this.#setItems(this.#popMany(2));
      case 'u':
        return this.#setItems(this.#popMark());
      case '\x8f':
        return this.#push([]); // EMPTY_SET
      case '\x90':
        return this.#append(this.#popMark()); // ADDITEMS
      case '\x91':
        return this.#push(this.#popMark()); // FROZENSET

      // stack and memo
      case '0':
        if (stack.pop() === undefined) throw new InvalidPickle('it takes from an empty stack');
        return;
      case '1':
        this.#popMark();
        return;
      case '2':
        return this.#push(this.#top());
      case 'q':
        return this.#remember(this.#bytes.byte());
      case 'r':
        return this.#remember(this.#bytes.length(4));
      case 'p':
        return this.#remember(Number(this.#bytes.textLong()));
      case '\x94':
        return this.#remember(this.#memo.size);
      case 'h':
        return this.#push(this.#recall(this.#bytes.byte()));
      case 'j':
        return this.#push(this.#recall(this.#bytes.length(4)));
      case 'g':
        return this.#push(this.#recall(Number(this.#bytes.textLong())));

      // names and what is done with them
      case 'c':
        return this.#push(this.#global(this.#bytes.line(), this.#bytes.line()));
      case '\x93': {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string')
          throw new InvalidPickle('it names a global by something other than text');
        return this.#push(this.#global(module, name));
      }
      case 'R':
        return this.#reduce();
      case 'b':
        return this.#build();
      case 'Q':
        return this.#push(this.#rules.persistent(this.#pop()));
      case 'P':
        return this.#push(this.#rules.persistent(this.#bytes.line()));

      // what makes objects of any class
      case 'i':
        throw new UnsafePickle(qualified(this.#bytes.line(), this.#bytes.line()));
      case 'o':
        throw new UnsafePickle(`an object of ${describe(this.#popMark()[0])} (OBJ)`);
      case '\x81':
        throw new UnsafePickle(`an object of ${describe(this.#popMany(2)[0])} (NEWOBJ)`);
      case '\x92':
        throw new UnsafePickle(`an object of ${describe(this.#popMany(3)[0])} (NEWOBJ_EX)`);
      case '\x82':
      case '\x83':
      case '\x84':
        throw new UnsafePickle('a name from the extension registry (EXT)');
      default:
        throw new InvalidPickle(`it has the byte 0x${code.toString(16).padStart(2, '0')} where an instruction is due`);
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
    if (!Array.isArray(list)) throw new InvalidPickle('it appends to something that is not a list');
    for (const item of items) list.push(item);
  }

  #setItems(items: PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0)
      throw new InvalidPickle('it sets items of something that is not a dict');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i]!, items[i + 1]!);
  }

  #push(value: PickleValue): void {
    if (++this.#pushed > MAX_VALUES) throw new InvalidPickle(`it makes more than ${MAX_VALUES} values`);
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
    if (values.length < count || values.includes(MARK))
      throw new InvalidPickle('it takes more from the stack than there is');
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
}

function qualified(module: string, name: string): string {
  return `${module}.${name}`;
}

function describe(value: PickleValue | undefined): string {
  return value instanceof PickleGlobal ? value.name : 'a value';
}
