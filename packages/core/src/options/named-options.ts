import type { z } from 'zod';
import { HeadstartError } from '@headstart/artifacts/errors';

/** What the options belong to, for the error. */
export interface OptionsOwner {
  readonly kind: 'task' | 'strategy';
  readonly id: string;
  /** The whole name with options, for the hint. */
  readonly example: string;
}

/**
 * Reads the options that stand behind the colon of a task's or a strategy's name, `alpha=1,beta=x`, through a schema of
 * which every value begins as text.
 * @throws HeadstartError `invalid-option`
 */
export function parseNamedOptions<T>(owner: OptionsOwner, text: string, schema: z.ZodType<T>): T {
  const entries = text
    .split(',')
    .map((entry) => /^([^=]+)=(.*\S.*)$/.exec(entry)?.slice(1) as [string, string] | undefined);
  const broken = entries.indexOf(undefined);
  if (broken >= 0) throw invalid(owner, text, `"${text.split(',')[broken]!}" is not an option with its value`);
  const given = entries as [string, string][];
  const twice = given.find(([name], i) => given.findIndex(([other]) => other === name) < i);
  if (twice) throw invalid(owner, text, `it gives ${twice[0]} twice`);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  const [name] = path;
  throw invalid(
    owner,
    text,
    name === undefined ? message : `${String(name)}=${Object.fromEntries(given)[String(name)]!}: ${message}`,
  );
}

/** The text that `parseNamedOptions` reads; what is undefined is left out. */
export function namedOptions(options: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(options)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join(',');
}

function invalid({ kind, id, example }: OptionsOwner, text: string, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The ${kind} "${id}:${text}" cannot be used: ${fault.replace(/\.$/, '')}.`,
    hint: `Give ${id}, or options after a colon: ${example}.`,
  });
}
