import { splitNamed } from '@headstart/core/readers';
import type { SplitName } from '@headstart/core';

/** The split that a file's or folder's name has among its words: `instances_train2017` is train; undefined where none or two are. */
export function splitOfName(name: string): SplitName | undefined {
  const whole = splitNamed(name);
  if (whole) return whole;
  const words = name
    .toLowerCase()
    .replace('test-dev', 'test')
    .split(/[^a-z]+/);
  const splits = new Set(words.map(splitNamed).filter((split) => split !== undefined));
  return splits.size === 1 ? [...splits][0] : undefined;
}
