import { readFile } from 'node:fs/promises';
import type { CaseRequest } from './read-case.ts';

/** What the field report found of a case before any of it was mended. */
export type BeforeOutcome = 'right' | 'no hint' | 'refused' | 'unsupported' | 'silent' | 'misleading' | 'readable';

/** One row of the field report: a case's folder, what in it is the target, and the options given. */
export interface Row {
  readonly name: string;
  readonly folder: string;
  readonly target: string;
  readonly options: string;
  readonly before: BeforeOutcome;
  readonly input: string;
}

/** The rows of the field report of 28 November 2026, from the table beside this file. */
export async function readRows(): Promise<Row[]> {
  const [, ...lines] = (await readFile(new URL('rows.tsv', import.meta.url), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => {
    const [name = '', folder = '', target = '', options = '', before = '', input = ''] = line.split('\t');
    return { name, folder, target, options, before: before as BeforeOutcome, input };
  });
}

/** The request that a row's options mean: `--skip-bad`, `--reader ID` and `key=value`, the value up to the next option. */
export function requestOf({ options }: Pick<Row, 'options'>, target: string): CaseRequest {
  const readerOptions: Record<string, string> = {};
  const reader = /--reader (\S+)/.exec(options)?.[1];
  const pairs = options.replace(/--reader \S+/, '').replace('--skip-bad', '');
  for (const [, key = '', value = ''] of pairs.matchAll(/([a-z-]+)=(.*?)(?=\s+[a-z-]+=|\s*$)/g))
    readerOptions[key] = value;
  return { target, ...(reader && { reader }), skipBad: options.includes('--skip-bad'), readerOptions };
}
