import type { SplitName } from '../domains/target-domain.ts';

const WORDS: Readonly<Record<SplitName, string>> = {
  train: 'train|training|trn',
  validation: 'val|valid|validation|dev|eval|evaluation',
  test: 'test|testing|tst|holdout|hold[-_ ]?out',
};
/** What stands around the word: `seg_train`, `training_set`, `train2017`, `train-00000-of-00002.parquet`. */
const BEFORE = '(?:seg[-_ ])?';
const AFTER = '(?:[-_ ]?(?:set|data|split))?(?:[-_ ]?(?:19|20)\\d\\d)?(?:-\\d+-of-\\d+)?';
const ENDING = '(?:\\.(?:csv|tsv|txt|jsonl?|ndjson|parquet|arrow|xlsx|xml|ya?ml))?(?:\\.(?:gz|zip))?';

const PATTERNS = (Object.keys(WORDS) as SplitName[]).map(
  (split) => [split, new RegExp(`^${BEFORE}(?:${WORDS[split]})${AFTER}${ENDING}$`)] as const,
);

/** How messages list the names of splits. */
export const SPLIT_WORDS = 'train (or training), validation (or val, valid, dev, eval), test (or testing, holdout)';

/**
 * The split that a folder, a cell or a data file is named for, whatever the case: `Training`, `val2017`, `test_set`,
 * `seg_train`, `dev.csv`; undefined for any other name.
 */
export function splitNamed(name: string): SplitName | undefined {
  const word = name.trim().toLowerCase();
  return PATTERNS.find(([, pattern]) => pattern.test(word))?.[0];
}
