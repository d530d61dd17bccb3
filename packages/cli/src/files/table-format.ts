import { extname } from 'node:path';
import { usage } from '../failures.ts';

const FORMATS = ['.csv', '.jsonl', '.parquet'] as const;

/** A kind of table, by the ending of its file's name. */
export type TableFormat = (typeof FORMATS)[number];

/** The format that a file's name asks for. @param option that names it @throws HeadstartError `usage` for another */
export function tableFormat(option: string, file: string): TableFormat {
  const ending = extname(file).toLowerCase();
  const format = FORMATS.find((each) => each === ending);
  if (format) return format;
  throw usage(
    `--${option} writes a table, and ${file} is not named as one.`,
    'Name a file that ends in .csv, .jsonl or .parquet.',
  );
}
