import { HeadstartError, nearestName } from '@headstart/artifacts/errors';

/** How the references of a scheme are written. */
export interface ReferenceFormat<Name extends string> {
  readonly scheme: string;
  /** What the location is of: `model` where absent. */
  readonly names?: string;
  readonly options: readonly Name[];
  /** Options whose values may have commas: a part without `=` that follows one belongs to it. */
  readonly lists?: readonly Name[];
  /** A whole reference, for hints. */
  readonly example: string;
}

/** A reference taken apart: what stands before `#`, and the options that are given. */
export class SourceReference<Name extends string> {
  constructor(
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
  { scheme, names = 'model', options, lists = [], example }: ReferenceFormat<Name>,
  rest: string,
): SourceReference<Name> {
  const whole = `${scheme}:${rest}`;
  const hash = rest.indexOf('#');
  const location = hash < 0 ? rest : rest.slice(0, hash);
  if (location === '') throw invalid(whole, `names no ${names}`, `Write it as ${example}.`);
  const given = new Map<Name, string>();
  let last: Name | undefined;
  for (const part of hash < 0 ? [] : rest.slice(hash + 1).split(',')) {
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
  return new SourceReference(location, given, whole);
}

function invalid(whole: string, what: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message: `The source "${whole}" ${what}.`, hint });
}
