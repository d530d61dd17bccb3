import { parseSourceReference, type ReferenceFormat } from '@headstart/core';

/** What options a scheme has, each with the values that it may take: the first where it is not given. */
export type OptionValues = Readonly<Record<string, readonly [string, ...string[]]>>;

/** A reference taken apart: what stands before `#`, and a value for each option. */
export interface Reference<Values extends OptionValues> {
  readonly location: string;
  readonly options: { readonly [Name in keyof Values]: Values[Name][number] };
}

/**
 * Reads what follows `<scheme>:` where each option is one of a few values.
 * @throws HeadstartError `invalid-option`
 */
export function parseReference<const Values extends OptionValues>(
  format: Omit<ReferenceFormat<string>, 'options' | 'lists'>,
  rest: string,
  values: Values,
): Reference<Values> {
  const reference = parseSourceReference({ ...format, options: Object.keys(values) }, rest);
  const options = Object.fromEntries(
    Object.entries(values).map(([name, allowed]) => [name, reference.choice(name, allowed) ?? allowed[0]]),
  );
  return { location: reference.location, options: options as Reference<Values>['options'] };
}
