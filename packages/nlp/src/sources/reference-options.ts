import { HeadstartError, nearestName } from '@headstart/core';

/** What options a scheme has, each with the values that it may take: the first where it is not given. */
export type OptionValues = Readonly<Record<string, readonly [string, ...string[]]>>;

/** A reference taken apart: what stands before `#`, and a value for each option. */
export interface Reference<Values extends OptionValues> {
  readonly location: string;
  readonly options: { readonly [Name in keyof Values]: Values[Name][number] };
}

/**
 * Reads what follows `<scheme>:`. Options stand after `#`, separated by commas: `./model#pooling=cls,normalise=no`.
 * @throws HeadstartError `invalid-option`
 */
export function parseReference<const Values extends OptionValues>(scheme: string, rest: string, values: Values, example: string): Reference<Values> {
  const fail = (what: string, hint: string): never => {
    throw new HeadstartError({ code: 'invalid-option', message: `The source "${scheme}:${rest}" ${what}.`, hint: `${hint} An example: ${example}.` });
  };
  const [location = '', ...more] = rest.split('#');
  const given = new Map<string, string>();
  for (const part of more.length > 0 ? more.join('#').split(',') : []) {
    const [name = '', value = ''] = part.split('=');
    const allowed = values[name];
    if (!allowed) return fail(`has the option "${name}"`, suggest(name, Object.keys(values)));
    if (!allowed.includes(value)) return fail(`has ${name}=${value}`, suggest(value, allowed));
    if (given.has(name)) return fail(`gives ${name} twice`, 'Give each option once.');
    given.set(name, value);
  }
  const options = Object.fromEntries(Object.entries(values).map(([name, [first]]) => [name, given.get(name) ?? first]));
  return { location, options: options as Reference<Values>['options'] };
}

function suggest(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return `${near && near !== name ? `Did you mean "${near}"? ` : ''}Choose one of ${known.join(', ')}.`;
}
