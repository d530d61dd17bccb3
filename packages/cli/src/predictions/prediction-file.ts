import { writeAtomic } from '@headstart/artifacts/storage';
import { usage } from '../failures.ts';
import { delimitedText } from '../files/delimited-text.ts';
import type { PredictedInput } from './predict-given.ts';

const WRITERS: Readonly<Record<string, (predicted: readonly PredictedInput[]) => string>> = {
  csv: (predicted) => delimited(predicted, ','),
  tsv: (predicted) => delimited(predicted, '\t'),
  jsonl: (predicted) => predicted.map((each) => `${JSON.stringify(documentOf(each))}\n`).join(''),
};

/** Checks the name of a file for predictions before anything is opened. @throws HeadstartError of wrong use */
export function checkPredictionFile(file: string | undefined): void {
  if (file === undefined || writerOf(file)) return;
  throw usage(
    `--output writes CSV, TSV or JSON Lines, and ${file} is not named as one.`,
    'Name a file that ends in .csv, .tsv or .jsonl.',
  );
}

/** Writes a row per input: the input, what its data say of it, and what was predicted. */
export async function writePredictions(file: string, predicted: readonly PredictedInput[]): Promise<void> {
  await writeAtomic(file, writerOf(file)!(predicted));
}

const writerOf = (file: string) => WRITERS[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? ''];

/** One input as JSON: the prediction's own keys stand beside `input` and `truth`, or `error` does. */
export function documentOf({ input, texts, truth, ...outcome }: PredictedInput): object {
  const { text, pair } = textsOf(texts);
  const said = 'error' in outcome ? { error: outcome.error.toJSON() } : (outcome.prediction as object);
  return { input, text, pair, truth, ...said };
}

/**
 * Columns `input`, `text`, `pair`, `truth` and `error` where some row has one, and the prediction's own between; of ranked
 * labels the likeliest alone, and what is neither a text nor a number as JSON.
 */
function delimited(predicted: readonly PredictedInput[], delimiter: ',' | '\t'): string {
  const rows = predicted.map(({ input, texts, truth, ...outcome }) => ({
    input,
    ...textsOf(texts),
    truth,
    ...('error' in outcome ? { error: outcome.error.message } : columnsOf(outcome.prediction as object)),
  }));
  const names = new Set(
    rows.flatMap((row) => Object.entries(row).flatMap(([name, value]) => (isBlank(value) ? [] : [name]))),
  );
  const head = ['input', 'text', 'pair', 'truth'].filter((name) => names.has(name));
  const columns = [...new Set([...head, ...[...names].filter((name) => name !== 'error'), ...names])];
  const lines = [columns, ...rows.map((row) => columns.map((name) => (row as Record<string, unknown>)[name]))];
  return delimitedText(lines, delimiter);
}

function columnsOf(prediction: object): object {
  return Object.fromEntries(Object.entries(prediction).filter(([name]) => name !== 'top'));
}

function textsOf(texts: readonly string[] | undefined): { text?: string; pair?: string } {
  return texts ? { text: texts[0], pair: texts[1] } : {};
}

const isBlank = (value: unknown) => value === undefined || value === null;
