import { readLines } from '@headstart/core/readers';
import type { TextRecord, TextTable } from './text-record.ts';

/** Lines whose keys are columns; a key that only later lines have is none. */
const LOOK = 1000;

/**
 * A table of one JSON object a line; empty lines are passed over.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function openJsonl(path: string): Promise<TextTable> {
  const columns = new Set<string>();
  let seen = 0;
  for await (const { object } of objects(path)) {
    for (const key of Object.keys(object ?? {})) columns.add(key);
    if (++seen === LOOK) break;
  }
  const names = [...columns];
  return {
    columns: names,
    unit: 'line',
    async *records(): AsyncGenerator<TextRecord> {
      for await (const { line, object, fault } of objects(path)) {
        yield {
          line,
          fault,
          values: names.map((name) => (object && Object.hasOwn(object, name) ? object[name] : undefined)),
        };
      }
    },
  };
}

async function* objects(
  path: string,
): AsyncGenerator<{ line: number; object?: Record<string, unknown>; fault?: string }> {
  for await (const { text, line } of readLines(path)) {
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      yield { line, fault: `it is not JSON (${(cause as Error).message})` };
      continue;
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      yield { line, object: value as Record<string, unknown> };
    else yield { line, fault: 'it is not a JSON object' };
  }
}
