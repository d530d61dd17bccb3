import { HeadstartError } from '@headstart/core';
import { nestedDeeper, shown } from '@headstart/artifacts/errors';
import { patternProblem } from './check-patterns.ts';

/** Characters of a tokenizer.json: of a quarter of a million pieces it has 33 million. */
const LONGEST = 128 * 2 ** 20;
const DEEPEST = 32;
/** Ids are places in tables: the library makes one as long as the largest. */
const LARGEST_ID = 4_000_000;
/** Characters of a word that is looked up piece by piece, in a time that grows with their square. */
const LONGEST_WORD = 1000;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/**
 * Looks a `tokenizer.json` over before the library that runs it sees it: numbers, depth and patterns, of which it takes any.
 * What else is wrong, the library says.
 * @param from the source, for messages
 * @throws HeadstartError `checkpoint-invalid`
 */
export async function checkTokenizer(text: string, from: string): Promise<void> {
  const why = text.length > LONGEST ? `it has ${text.length} characters` : await problemOf(parsed(text));
  if (why === undefined) return;
  throw new HeadstartError({
    code: 'checkpoint-invalid',
    message: `The tokenizer of ${from} is refused: ${why}.`,
    hint: 'Use the tokenizer.json that was published with the weights.',
  });
}

/** Undefined for what is not JSON: reading it says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function problemOf(tokenizer: unknown): Promise<string | undefined> {
  if (nestedDeeper(tokenizer, DEEPEST)) return `it is nested more than ${DEEPEST} deep`;
  const { model, added_tokens: added, ...parts } = fieldsOf(tokenizer);
  const { vocab, unk_id: unknown, max_input_chars_per_word: longest } = fieldsOf(model);
  const ids = [
    ...(Array.isArray(vocab) ? [] : Object.values(fieldsOf(vocab))),
    ...(Array.isArray(added) ? added.map((token) => fieldsOf(token)['id']) : []),
    ...(unknown == null ? [] : [unknown]),
  ];
  const wrong = ids.find((id) => !(Number.isInteger(id) && (id as number) >= 0 && (id as number) <= LARGEST_ID));
  if (ids.length > 0 && wrong !== undefined)
    return `it gives the id ${shown(wrong)}, where 0 to ${LARGEST_ID} are allowed`;
  if (ids.includes(undefined)) return 'one of its tokens has no id';
  if (typeof longest === 'number' && !(longest <= LONGEST_WORD))
    return `its max_input_chars_per_word is ${longest}; at most ${LONGEST_WORD} are allowed`;
  return patternProblem(patternsIn(parts));
}

/** `{"Regex": "…"}` anywhere in the normaliser, the pre-tokenizer and the others, which are a few levels deep. */
function patternsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Regex' && typeof inner === 'string' ? [inner] : patternsIn(inner),
  );
}
