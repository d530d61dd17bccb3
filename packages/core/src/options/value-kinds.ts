/** What values an option takes, in programs and on a command line. */
export interface ValueKind<T> {
  /** Whether a value is one of the kind. */
  accepts(value: unknown): boolean;
  /** What a value has to be: it completes "it must be …". */
  readonly must: string;
  /**
   * What a command line's text stands for, before it is known whether it is accepted. Absent for a switch, which takes no text.
   * @param previous the value so far of an option that may be given several times
   * @throws RangeError a sentence, where the text alone shows what is wrong
   */
  fromText?(text: string, previous?: T): unknown;
  /** All values, where they are few. */
  readonly choices?: readonly string[];
}

/** The value of a command line's text. @throws RangeError a sentence that says what it must be */
export function valueFromText<T>(kind: ValueKind<T>, text: string, previous?: T): T {
  const value = kind.fromText ? kind.fromText(text, previous) : text;
  if (kind.accepts(value)) return value as T;
  throw new RangeError(`It must be ${kind.must}.`);
}

const number = (text: string) => (text.trim() === '' ? NaN : Number(text));

/** Whole numbers, exact in a float64. */
export function wholeNumber(least: number): ValueKind<number> {
  return {
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least,
    must: `a whole number, ${least} or more`,
    // Neither 1e3 nor 0x10: what looks like no count is a mistake.
    fromText: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : NaN),
  };
}

/** Finite numbers from `least` on, up to `below`, which is not one of them. */
export function realNumber({ least, below = Infinity }: { least: number; below?: number }): ValueKind<number> {
  return {
    accepts: (value) => isFiniteNumber(value) && value >= least && value < below,
    must: `a number ${least} or more${below === Infinity ? '' : ` and below ${below}`}`,
    fromText: number,
  };
}

/** What an answer can be asked to reach. */
export const probability = realNumber({ least: 0, below: 1 });

/** A rate above zero, or `auto`. */
export const rateOrAuto: ValueKind<number | 'auto'> = {
  accepts: (value) => value === 'auto' || (isFiniteNumber(value) && value > 0),
  must: 'a number above 0, or "auto" for a range test',
  fromText: (text) => (text === 'auto' ? text : number(text)),
};

/** Any text but an empty one. */
export const text: ValueKind<string> = {
  accepts: (value) => typeof value === 'string' && value !== '',
  must: 'text that is not empty',
  fromText: (given) => given,
};

/** One of a few words. */
export function oneOf<const T extends string>(choices: readonly T[]): ValueKind<T> {
  return {
    accepts: (value) => choices.includes(value as T),
    must: `one of ${choices.join(', ')}`,
    fromText: (given) => given,
    choices,
  };
}

/** Some of a few words, each once; on a command line with commas between them, or given several times. */
export function someOf<const T extends string>(choices: readonly T[]): ValueKind<readonly T[]> {
  return {
    accepts: (value) =>
      Array.isArray(value) && new Set(value).size === value.length && value.every((one) => choices.includes(one as T)),
    must: `some of ${choices.join(', ')}, each once`,
    fromText: (given, previous = []) => [...previous, ...given.split(',').map((word) => word.trim())],
  };
}

/** Given or not. */
export const onOff: ValueKind<boolean> = { accepts: (value) => typeof value === 'boolean', must: 'true or false' };

/** Options by name, each given as `key=value`. */
export const namedValues: ValueKind<Readonly<Record<string, string>>> = {
  accepts: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
  must: 'texts by name',
  fromText(given, previous = {}) {
    const at = given.indexOf('=');
    if (at <= 0) throw new RangeError('It must read key=value.');
    const key = given.slice(0, at);
    if (Object.hasOwn(previous, key)) throw givenTwice(key);
    return { ...previous, [key]: given.slice(at + 1) };
  },
};

/**
 * What classes count, by label, or `balanced`. On a command line `cat=2,dog=1`, which may be given several times; labels
 * with commas in them come as JSON, `{"cat, black": 2}`.
 */
export const classWeights: ValueKind<'balanced' | Readonly<Record<string, number>>> = {
  accepts: (value) =>
    value === 'balanced' ||
    (isRecord(value) &&
      Object.keys(value).length > 0 &&
      Object.values(value).every((weight) => isFiniteNumber(weight) && weight >= 0)),
  must: '"balanced", or numbers of 0 and more by label, such as cat=2,dog=1',
  fromText(given, previous = {}) {
    const before = Object.keys(previous);
    if (previous === 'balanced' || (given === 'balanced' && before.length > 0))
      throw new RangeError('It is "balanced", or weights by label, and given once.');
    if (given === 'balanced') return given;
    const weights = given.startsWith('{') ? parsedWeights(given) : listedWeights(given);
    const twice = Object.keys(weights).find((label) => Object.hasOwn(previous, label));
    if (twice !== undefined) throw givenTwice(twice);
    return { ...previous, ...weights };
  },
};

function parsedWeights(given: string): Record<string, unknown> {
  try {
    return JSON.parse(given) as Record<string, unknown>;
  } catch {
    throw new RangeError('It begins like JSON and is none: it must read {"label": 2}.');
  }
}

function givenTwice(name: string): RangeError {
  return new RangeError(`"${name}" is given twice.`);
}

function listedWeights(given: string): Record<string, number> {
  const weights = new Map<string, number>();
  for (const part of given.split(',')) {
    const at = part.lastIndexOf('=');
    const label = part.slice(0, at).trim();
    if (at <= 0 || label === '') throw new RangeError(`"${part}" must read label=weight.`);
    if (weights.has(label)) throw givenTwice(label);
    weights.set(label, number(part.slice(at + 1)));
  }
  return Object.fromEntries(weights);
}

/** A probability for each of some names, given as `name=0.4`; the name may have a `=` in it. */
export const namedProbabilities: ValueKind<Readonly<Record<string, number>>> = {
  accepts: (value) => isRecord(value) && Object.values(value).every((each) => probability.accepts(each)),
  must: `${probability.must} by name`,
  fromText(given, previous = {}) {
    const at = given.lastIndexOf('=');
    if (at <= 0) throw new RangeError('It must read label=0.4.');
    const name = given.slice(0, at);
    if (Object.hasOwn(previous, name)) throw givenTwice(name);
    return { ...previous, [name]: valueFromText(probability, given.slice(at + 1)) };
  },
};

/** Shares of train, validation and test; on a command line `70/10/20`, which adds up to 100 with something to train on. */
export const shares: ValueKind<readonly [train: number, validation: number, test: number]> = {
  accepts: (value) =>
    Array.isArray(value) && value.length === 3 && value.every((share) => isFiniteNumber(share) && share >= 0),
  must: 'three shares, train first, none below 0',
  fromText(given) {
    const parts = given.split('/').map(number);
    const [train, validation, test] = parts as [number, number, number];
    const whole = parts.length === 3 && parts.every((part) => part >= 0) && train > 0;
    if (whole && Math.abs(train + validation + test - 100) < 1e-9) return parts;
    throw new RangeError('It must be three percentages that add up to 100, train first, such as 70/10/20.');
  },
};

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
