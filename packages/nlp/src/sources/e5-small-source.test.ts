import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { transformersTokenizer } from '../onnx/transformers-files.ts';
import { Tokeniser } from '../tokens/tokeniser.ts';
import { parseEncoderReference } from './encoder-reference.ts';

interface Fixture {
  /** Pieces of the published tokenizer with their score and number: those that occur in the texts, so that these are cut as by all. */
  readonly vocabulary: readonly (readonly [piece: string, score: number, id: number])[];
  /** What Hugging Face's tokenizers 0.23.3 make of each text behind `query: `. */
  readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

const fixture = JSON.parse(
  await readFile(join(import.meta.dirname, '../encoders/fixtures/e5-small/tokens.json'), 'utf8'),
) as Fixture;
const { vocabulary, texts } = fixture;
const special = (content: string, id: number) => ({ id, content, normalized: false, special: true });
/** Built as the published one is; the map of characters is NFKC, and it is by this that the library goes. */
const tokenizer = {
  version: '1.0',
  added_tokens: ['<s>', '<pad>', '</s>', '<unk>', '<mask>'].map((content, id) =>
    special(content, id === 4 ? vocabulary.length - 1 : id),
  ),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Precompiled', precompiled_charsmap: '' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    ],
  },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {},
  },
  decoder: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  model: { type: 'Unigram', unk_id: 3, vocab: vocabulary.map(([piece, score]) => [piece, score]) },
};

describe('the tokenizer of e5-small', () => {
  const tokeniser = new Tokeniser(
    { tokenizer: JSON.stringify(tokenizer) },
    { longest: 512, prefix: 'query: ' },
    'e5-small',
  );
  const publishedId = (own: number) => vocabulary[own]![2];

  it.each(texts)('cuts $text as its authors cut it', ({ text, ids }) => {
    expect(tokeniser.encode({ text }).ids.map(publishedId)).toEqual(ids);
  });

  it('cuts so with its prefix as a part of an exported tokenizer', () => {
    const exported = new Tokeniser(
      { tokenizer: transformersTokenizer(JSON.stringify(tokenizer), 'query: ') },
      { longest: 512 },
      'exported',
    );
    for (const { text, ids } of texts.slice(0, 13)) expect(exported.encode({ text }).ids.map(publishedId)).toEqual(ids);
  });

  it('counts the prefix among the tokens that a text may have, and in what names the encoding', () => {
    const short = new Tokeniser(
      { tokenizer: JSON.stringify(tokenizer) },
      { longest: 6, prefix: 'query: ' },
      'e5-small',
    );
    const plain = new Tokeniser({ tokenizer: JSON.stringify(tokenizer) }, { longest: 6 }, 'e5-small');
    const [{ text, ids }] = texts as [Fixture['texts'][number]];
    expect(short.encode({ text }).ids.map(publishedId)).toEqual([...ids.slice(0, 5), 2]);
    expect([short, plain].map((each) => each.exceeds({ text: 'I' }))).toEqual([false, false]);
    expect([short, plain].map((each) => each.exceeds({ text: 'I love' }))).toEqual([true, false]);
    expect(short.digest).not.toBe(plain.digest);
  });
});

describe('encoder:', () => {
  it('takes a prefix, and words that stay as they are', () => {
    expect(parseEncoderReference('./model#prefix=query: ,words=frozen').settings).toEqual({
      prefix: 'query: ',
      words: 'frozen',
    });
  });
});
