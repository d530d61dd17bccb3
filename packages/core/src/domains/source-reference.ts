import { HeadstartError, nearestName } from '@headstart/artifacts/errors';

/** How the references of a scheme are written. */
export interface ReferenceFormat<Name extends string> {
  readonly scheme: string;
  /** What the location is of: `model` where absent. */
  readonly names?: string;
  readonly options: readonly Name[];
  /** False where all that follows the colon is options, of one source: `minilm-l6:length=512`. */
  readonly located?: boolean;
  /** Options whose values may have commas: a part without `=` that follows one belongs to it. */
  readonly lists?: readonly Name[];
  /** A whole reference, for hints. */
  readonly example: string;
}

/** A reference taken apart: what stands before `#`, and the options that are given. */
export class SourceReference<Name extends string> {
  constructor(
    /** Empty where all of the reference is options. */
    readonly location: string,
    readonly options: ReadonlyMap<Name, string>,
    private readonly whole: string,
  ) {}

  /** The value of an option that is one of a few; undefined where it is not given. @throws HeadstartError `invalid-option` */
  choice<Value extends string>(name: Name, values: readonly Value[]): Value | undefined {
    const given = this.options.get(name);
    const found = values.find((value) => value === given);
    if (given === undefined || found !== undefined) return found;
    const near = nearestName(given, values);
    throw this.invalid(
      `has ${name}=${given}`,
      `${near ? `Did you mean "${near}"? ` : ''}Choose one of ${values.join(', ')}.`,
    );
  }

  /** The value of an option that is a whole number within bounds; undefined where it is not given. @throws HeadstartError `invalid-option` */
  number(name: Name, least: number, most: number): number | undefined {
    const text = this.options.get(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value >= least && value <= most) return value;
    throw this.invalid(`has ${name}=${text}`, `Give a whole number from ${least} to ${most}.`);
  }

  /** The error for a reference that does what it may not. */
  invalid(what: string, hint: string): HeadstartError {
    return invalid(this.whole, what, hint);
  }
}

/**
 * Reads what follows `<scheme>:`, a location and options after `#`, separated by commas:
 * `./model#pooling=cls,normalise=no`.
 * @throws HeadstartError `invalid-option`
 */
export function parseSourceReference<const Name extends string>(
  { scheme, names = 'model', options, located = true, lists = [], example }: ReferenceFormat<Name>,
  rest: string,
): SourceReference<Name> {
  const whole = `${scheme}:${rest}`;
  const hash = located ? rest.indexOf('#') : -1;
  const location = hash < 0 ? rest : rest.slice(0, hash);
  const listed = located ? (hash < 0 ? undefined : rest.slice(hash + 1)) : rest;
  if (location === '') throw invalid(whole, `names no ${names}`, `Write it as ${example}.`);
  const given = new Map<Name, string>();
  let last: Name | undefined;
  for (const part of listed === undefined ? [] : listed.split(',')) {
    if (last !== undefined && lists.includes(last) && part !== '' && !part.includes('=')) {
      given.set(last, `${given.get(last)},${part}`);
      continue;
    }
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    const name = options.find((option) => option === key);
    if (name === undefined || value === '') {
      const near = nearestName(key, options);
      throw invalid(
        whole,
        `has the option "${part}"`,
        `${near && near !== key ? `Did you mean "${near}=…"? ` : ''}Options are ${options.join(', ')}: ${example}.`,
      );
    }
    if (given.has(name)) throw invalid(whole, `gives ${name} twice`, 'Give each option once.');
    given.set(name, value);
    last = name;
  }
  return new SourceReference(located ? location : '', given, whole);
}

function invalid(whole: string, what: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message: `The source "${whole}" ${what}.`, hint });
}
