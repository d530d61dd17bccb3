import type { SplitName } from '../domains/target-domain.ts';

const SPLITS: Readonly<Record<string, SplitName>> = {
  train: 'train',
  validation: 'validation',
  val: 'validation',
  valid: 'validation',
  test: 'test',
};

/** The split that a folder or a cell names, whatever its case; undefined for any other word. */
export function splitNamed(name: string): SplitName | undefined {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(SPLITS, key) ? SPLITS[key] : undefined;
}
