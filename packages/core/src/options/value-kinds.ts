import { z } from 'zod';

/** What values an option takes, in programs and on a command line. */
export interface ValueKind<T> {
  /** Its bounds; each message completes "it must be …". */
  readonly schema: z.ZodType<T>;
  /**
   * What a command line's text stands for, before the schema has seen it. Absent for a switch, which takes no text.
   * @param previous the value so far of an option that may be given several times
   * @throws RangeError a sentence, where the text alone shows what is wrong
   */
  fromText?(text: string, previous?: T): unknown;
  /** All values, where they are few. */
  readonly choices?: readonly string[];
}

/** The value of a command line's text. @throws RangeError a sentence that says what it must be */
export function valueFromText<T>(kind: ValueKind<T>, text: string, previous?: T): T {
  const parsed = kind.schema.safeParse(kind.fromText ? kind.fromText(text, previous) : text);
  if (parsed.success) return parsed.data;
  throw new RangeError(`It must be ${parsed.error.issues[0]!.message}.`);
}

const number = (text: string) => (text.trim() === '' ? NaN : Number(text));

/** Whole numbers, exact in a float64. */
export function wholeNumber(least: number): ValueKind<number> {
  const error = `a whole number, ${least} or more`;
  return {
    schema: z.number({ error }).int({ error }).min(least, { error }),
    // Neither 1e3 nor 0x10: what looks like no count is a mistake.
    fromText: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : NaN),
  };
}

/** Finite numbers from `least` on, up to `below`, which is not one of them. */
export function realNumber({ least, below }: { least: number; below?: number }): ValueKind<number> {
  const error = `a number ${least} or more${below === undefined ? '' : ` and below ${below}`}`;
  const schema = z.number({ error }).min(least, { error });
  return { schema: below === undefined ? schema : schema.lt(below, { error }), fromText: number };
}

const RATE = { error: 'a number above 0, or "auto" for a range test' };

/** A rate above zero, or `auto`. */
export const rateOrAuto: ValueKind<number | 'auto'> = {
  schema: z.union([z.number(RATE).positive(RATE), z.literal('auto', RATE)], RATE),
  fromText: (text) => (text === 'auto' ? text : number(text)),
};

const TEXT = { error: 'text that is not empty' };

/** Any text but an empty one. */
export const text: ValueKind<string> = { schema: z.string(TEXT).min(1, TEXT), fromText: (given) => given };

/** One of a few words. */
export function oneOf<const T extends string>(choices: readonly T[]): ValueKind<T> {
  return { schema: z.enum(choices, { error: `one of ${choices.join(', ')}` }), fromText: (given) => given, choices };
}

/** Given or not. */
export const onOff: ValueKind<boolean> = { schema: z.boolean({ error: 'true or false' }) };

/** Options by name, each given as `key=value`. */
export const namedValues: ValueKind<Readonly<Record<string, string>>> = {
  schema: z.record(z.string(), z.string(), { error: 'texts by name' }),
  fromText(given, previous = {}) {
    const at = given.indexOf('=');
    if (at <= 0) throw new RangeError('It must read key=value.');
    const key = given.slice(0, at);
    if (Object.hasOwn(previous, key)) throw new RangeError(`"${key}" is given twice.`);
    return { ...previous, [key]: given.slice(at + 1) };
  },
};

/** Shares of train, validation and test; on a command line `70/10/20`, which adds up to 100 with something to train on. */
export const shares: ValueKind<readonly [train: number, validation: number, test: number]> = {
  schema: z.custom<readonly [number, number, number]>(
    (given) =>
      Array.isArray(given) && given.length === 3 && given.every((share) => Number.isFinite(share) && share >= 0),
    { error: 'three shares, train first, none below 0' },
  ),
  fromText(given) {
    const parts = given.split('/').map(number);
    const [train, validation, test] = parts as [number, number, number];
    const whole = parts.length === 3 && parts.every((part) => part >= 0) && train > 0;
    if (whole && Math.abs(train + validation + test - 100) < 1e-9) return parts;
    throw new RangeError('It must be three percentages that add up to 100, train first, such as 70/10/20.');
  },
};
