import { shown } from '@headstart/artifacts/errors';
import type { z } from 'zod';
import type { BenchConfig } from './bench-config.ts';
import { severalSchema, singleSchema } from './bench-schema.ts';
import { configError, didYouMean } from './config-error.ts';

/**
 * What a configuration's file gives, as one.
 * @param file how messages name it
 * @throws HeadstartError `config-invalid` naming the key and its value; for an unknown key with the nearest known one
 */
export function checkBench(file: string, value: unknown): BenchConfig {
  const several = typeof value === 'object' && value !== null && 'matrices' in value;
  const checked = (several ? severalSchema : singleSchema).safeParse(value);
  if (checked.success) return checked.data as BenchConfig;
  const issue = deepest(checked.error.issues[0]!);
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const before = at.length === 0 ? '' : `${written(at)}.`;
    const [key] = issue.keys as [string];
    throw configError(
      file,
      `there is an unknown key "${before}${key}"`,
      didYouMean(key, issue.message.split(' '), before),
      checked.error,
    );
  }
  const found = valueAt(value, issue.path);
  const what = at.length === 0 ? 'what it gives' : written(at);
  throw configError(
    file,
    found === undefined && at.length > 0 ? `${what} is missing` : `${what} is ${shown(found)}, and ${issue.message}`,
    found === undefined && at.length > 0 ? `It ${issue.message}.` : undefined,
    checked.error,
  );
}

/** Of a value that fits none of several forms, what is wrong by the form that it comes nearest to. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const [nearest] = issue.errors
    .flatMap(([first]) => (first ? [deepest(first)] : []))
    .map((each) => ({ ...each, path: [...issue.path, ...each.path] }))
    .sort((a, b) => depth(b) - depth(a));
  return nearest ?? issue;
}

/** An unknown key shows that the value is an object, as one of its own does. */
function depth({ path, code }: z.core.$ZodIssue): number {
  return path.length + (code === 'unrecognized_keys' ? 1 : 0);
}

/** A path as it is written in JavaScript: `domains.train[0].target`. */
function written(path: readonly string[]): string {
  return path.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
