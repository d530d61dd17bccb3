import { join } from 'node:path';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { CrossValidatedResult } from '@headstart/core/trials';
import type { FoldFlags } from '../options/fold-options.ts';
import type { Console } from '../terminal/console.ts';
import { printCrossValidation } from '../terminal/cross-validation.ts';
import { tableFormat } from './table-format.ts';

/** Writes what was predicted out of fold, prints what the folds came to, and gives what of both belongs in a JSON document. */
export async function foldDocument(
  console: Console,
  { crossValidation, outOfFold, model }: CrossValidatedResult,
  { outOfFold: file = join(model, 'out-of-fold.jsonl'), json }: FoldFlags & { readonly json?: boolean },
) {
  const { tableBytes } = await import('./table-file.ts'); // a help does not wait for Parquet
  await writeAtomic(file, tableBytes(outOfFold, tableFormat('out-of-fold', file)));
  if (!json) printCrossValidation(console, crossValidation, file);
  return { crossValidation, outOfFold: file };
}
