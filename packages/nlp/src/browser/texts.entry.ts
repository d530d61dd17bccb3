import { padTokens } from '../tokens/padded-tokens.ts';
import { TokenCutter, type Tokens } from '../tokens/token-cutter.ts';
import { wordNumbers } from '../text-cnn/word-numbers.ts';

/** How texts become tokens, and tokens a network's input; `input` of headstart.json. */
interface TextsInput {
  /** `tokens`: by a `tokenizer.json`; `words`: by a list of words, `words.json`. */
  readonly cut: 'tokens' | 'words';
  readonly files: readonly string[];
  /** The most tokens of a text. */
  readonly longest: number;
  /** What every text is read with in front of it; nothing where absent. */
  readonly prefix?: string;
  /** The length that the network takes; that of the longest text where absent. */
  readonly padTo?: number;
  readonly padId: number;
  /** How many kinds of segments the network tells apart. */
  readonly types: number;
  /** Whether the two texts of a pair are two rows, which the network sees apart. */
  readonly apart?: boolean;
}

interface Context {
  readonly settings: TextsInput;
  readonly file: (name: string) => Promise<{ json(): Promise<unknown> }>;
}

type Text = { readonly text: string; readonly pair?: string };

/** Texts as the task encodes them in Node; see `OpenInput` of predict.d.ts. */
export default async function openTexts({ settings, file }: Context) {
  const { longest, prefix = '', padId, types, apart = false } = settings;
  const parsed = await Promise.all(settings.files.map(async (name) => (await file(name)).json()));
  const cut = settings.cut === 'words' ? wordCutter(parsed[0], longest) : tokenCutter(parsed, longest, prefix);
  return async (input: unknown) => {
    const rows = rowsOf(input, apart).map(cut);
    const length = settings.padTo ?? rows.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const padded = rows.map((tokens) => padTokens(tokens, length, padId));
    const names = types < 2 ? (['ids', 'mask'] as const) : (['ids', 'mask', 'types'] as const);
    return Object.fromEntries(
      names.map((name) => {
        const data = new Int32Array(rows.length * length);
        padded.forEach((row, i) => data.set(row[name], i * length));
        return [name, { data, shape: [rows.length, length] }];
      }),
    );
  };
}

/** What makes a row each: a text, or of a pair that is seen apart both. */
function rowsOf(input: unknown, apart: boolean): Text[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  for (const text of texts) {
    if (typeof text !== 'string') throw problem('The model takes texts, and something else was given');
    if (text.trim() === '') throw problem('The text is empty');
  }
  const [text, pair] = texts as [string, string?];
  if (texts.length > 2) throw problem(`The model takes one text or two, and ${texts.length} were given`);
  if (!apart) return [{ text, pair }];
  return [{ text }, { text: pair ?? text }];
}

function problem(message: string): Error {
  return Object.assign(new Error(message), { hint: 'Give a text as a string, or two texts as a list of two strings.' });
}

function tokenCutter([tokenizer, config]: readonly unknown[], longest: number, prefix: string): (text: Text) => Tokens {
  const missing = (token: string) => new Error(`The tokenizer has no id for "${token}"`);
  const cutter = new TokenCutter(tokenizer as object, config as object, { longest, prefix }, missing);
  return (text) => cutter.encode(text);
}

function wordCutter(file: unknown, longest: number): (text: Text) => Tokens {
  const { words } = file as { readonly words: readonly string[] };
  const cut = wordNumbers(words, longest);
  return (text) => cut(text);
}
