import { extname } from 'node:path';
import type { RecognisedLayout } from '@headstart/core/readers';

const WHOLE_TEXTS =
  'Texts are classified as a whole here: export one label per text, as CSV or JSON lines with text and label.';

/** A line of a word and its tag, or of a word with several columns. */
const TAGGED = /^\S+(?:[ \t]\S+)*[ \t](?:O|[BIESLU]-\S+)$/;
/** Formats of tables that Python keeps for itself. */
const BINARY: Readonly<Record<string, string>> = {
  '.arrow': 'a table of Apache Arrow (save_to_disk of Hugging Face datasets)',
  '.feather': 'a table of Apache Arrow (Feather)',
  '.pkl': 'a pickle of Python, which can run programs when it is opened',
  '.pickle': 'a pickle of Python, which can run programs when it is opened',
};
const CONLL_ENDINGS = ['.conll', '.conllu', '.iob', '.iob2', '.bio'];

/** What a file of texts is of that is not read, by its name and its first lines. */
export function unreadFile(path: string, head: string): RecognisedLayout | undefined {
  const ending = extname(path).toLowerCase();
  if (CONLL_ENDINGS.includes(ending) || isTagged(head))
    return { layout: 'a tagged word per line (CoNLL)', hint: WHOLE_TEXTS };
  if (['.yml', '.yaml'].includes(ending) && /^nlu:/m.test(head) && /^\s*-\s*intent:/m.test(head)) {
    return {
      layout: 'the intents of Rasa (nlu.yml)',
      hint: 'Convert them with "rasa data convert nlu --data nlu.yml --out nlu.json --format json", or write one example per line as CSV: text,intent.',
    };
  }
  const binary = BINARY[ending];
  if (binary !== undefined)
    return {
      layout: binary,
      hint: `Write the table as CSV, JSON lines or Parquet: in Python, with to_csv, to_json(orient="records", lines=True) or to_parquet.`,
    };
  if (ending === '.sql')
    return {
      layout: 'a dump of a database (.sql)',
      hint: 'Export the table itself as CSV with the names of its columns: with psql, \\copy table to file.csv csv header.',
    };
  if (ending === '.spacy')
    return { layout: 'a DocBin of spaCy', hint: `${WHOLE_TEXTS} In Python: doc.text and doc.cats.` };
  return undefined;
}

/** Whether lines are words with tags, at least one of which begins something, and empty lines stand between sentences. */
function isTagged(head: string): boolean {
  const lines = head.split(/\r?\n/).slice(0, -1);
  const words = lines.filter((line) => line !== '' && !line.startsWith('-DOCSTART-') && !line.startsWith('#'));
  return words.length > 2 && words.length < lines.length && words.every((line) => TAGGED.test(line));
}
