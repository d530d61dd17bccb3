import { HeadstartError, nearestName, shown } from '@headstart/artifacts/errors';
import type { ValueKind } from '../options/value-kinds.ts';

/** The kind of each option that a method takes. */
export type OptionKinds = Readonly<Record<string, Pick<ValueKind<unknown>, 'accepts' | 'must'>>>;

/**
 * Checks the options that a method was called with.
 * @throws HeadstartError `invalid-option` for one that it does not take, and for a value that is not of its kind
 */
export function checkOptions(method: string, kinds: OptionKinds, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalid(`The options of ${method} cannot be ${shown(options)}: they are an object.`, known(method, kinds));
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw unknownOption(method, name, kinds);
    if (value === undefined || kind.accepts(value)) continue;
    const message = `The option "${name}" of ${method} cannot be ${shown(value)}: it must be ${kind.must}.`;
    throw invalid(message, 'Correct the option, or leave it out.');
  }
}

/** The error for an option that there is not. @param kinds the options that there are, by name */
export function unknownOption(method: string, name: string, kinds: Readonly<Record<string, unknown>>): HeadstartError {
  const nearest = nearestName(name, Object.keys(kinds));
  return invalid(`${method} takes no option "${name}".`, nearest ? `Did you mean "${nearest}"?` : known(method, kinds));
}

function known(method: string, kinds: Readonly<Record<string, unknown>>): string {
  return `${method} takes ${Object.keys(kinds).join(', ')}.`;
}

function invalid(message: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message, hint });
}
