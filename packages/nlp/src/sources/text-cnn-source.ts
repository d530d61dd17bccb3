import {
  HeadstartError,
  parseSourceReference,
  type OpenOptions,
  type SourceCard,
  type SourceDomain,
  type SourceScheme,
} from '@headstart/core';
import { z } from 'zod';
import { textCnnBackbone } from '../text-cnn/text-cnn-backbone.ts';
import { MOST_WORDS, wordLimit, WordVocabulary } from '../text-cnn/word-vocabulary.ts';
import { readWordVectors } from '../vectors/word-vectors.ts';
import { locate, WINK_VECTORS, type VectorFile } from './word-vector-source.ts';

/** Words of a text that are read where nothing else is asked for, and the fewest. */
const LONGEST = 256;
const LEAST_WORDS = 8;
const FORMAT = {
  scheme: 'text-cnn',
  names: 'file',
  options: ['words', 'vocabulary', 'length'],
  example: 'text-cnn:./glove.6B.100d.txt#words=frozen,vocabulary=50000,length=512',
};

interface TextCnnSettings {
  readonly frozenWords: boolean;
  /** Words that have a vector: the most frequent of the file. */
  readonly size: number;
  /** Words of a text that are read. */
  readonly length: number;
}

/** Kim's convolutional network on the vectors of the 20,000 most frequent words of `word-vectors`. */
export const textCnn: SourceDomain = source(
  'text-cnn',
  WINK_VECTORS,
  { frozenWords: false, size: 20_000, length: LONGEST },
  {
    title: 'Convolutional network on word vectors',
    description:
      'Filters over 3 to 5 words on the vectors of 20,000 English words; the words know something, the filters start from nothing: use fine-tune.',
    trainedOn: 'English news and encyclopedia text, as GloVe (words); none (filters)',
    licence: 'MIT',
    parameters: 20_002 * 100 + (3 + 4 + 5) * 100 * 100 + 300,
    input: 'English text, cut into words, lower-cased, up to 256',
    files: [WINK_VECTORS],
    citation: 'Kim, 2014, "Convolutional Neural Networks for Sentence Classification"',
  },
);

/** `text-cnn:<file>#words=frozen,vocabulary=50000`: the same on word vectors of one's own. */
export const textCnnScheme: SourceScheme = {
  scheme: 'text-cnn',
  modality: 'text',
  description:
    "Kim's convolutional network on word vectors of a file: text-cnn:<path, npm:… or https:…>#words=trained or frozen,vocabulary=20000, 5000 or 50000,length=256.",
  resolve(rest) {
    const reference = parseSourceReference(FORMAT, rest);
    const { location } = reference;
    return source(
      `text-cnn:${rest}`,
      { uri: location },
      {
        frozenWords: reference.choice('words', ['trained', 'frozen']) === 'frozen',
        size: Number(reference.choice('vocabulary', ['20000', '5000', '50000']) ?? 20_000),
        length: reference.number('length', LEAST_WORDS, MOST_WORDS) ?? LONGEST,
      },
      {
        title: `Convolutional network on ${location}`,
        description:
          "Filters over 3 to 5 words on word vectors of one's own; what those were trained on and their licence are not known here.",
        trainedOn: 'unknown',
        licence: 'unknown',
        files: [{ uri: location }],
      },
    );
  },
};

function source(id: string, file: VectorFile, settings: TextCnnSettings, card: SourceCard): SourceDomain {
  const { frozenWords, size, length } = settings;
  return {
    id,
    modality: 'text',
    card,
    async inputLimit({ artifacts }, { assets } = {}) {
      if (assets) return wordLimit((await readSaved(assets)).vocabulary);
      const { words } = await readWordVectors((await locate(file, artifacts)).path, size);
      return wordLimit(new WordVocabulary(words, length));
    },
    async open({ artifacts }, { weights, assets }) {
      if (assets) return textCnnBackbone({ ...(await readSaved(assets)), frozenWords });
      const { path } = await locate(file, artifacts);
      const { words, width, values } = await readWordVectors(path, size);
      return textCnnBackbone({
        vocabulary: new WordVocabulary(words, length),
        width,
        frozenWords,
        vectors: weights === 'published' ? values : undefined,
      });
    },
  };
}

const savedWords = z.object({
  width: z.int().positive(),
  words: z.array(z.string()).min(1),
  length: z.int().positive().default(LONGEST),
});

/** @throws HeadstartError `model-invalid` */
async function readSaved(
  assets: NonNullable<OpenOptions['assets']>,
): Promise<{ vocabulary: WordVocabulary; width: number }> {
  const text = Buffer.from(await assets('words.json')).toString('utf8');
  try {
    const { words, width, length } = savedWords.parse(JSON.parse(text));
    return { vocabulary: new WordVocabulary(words, length), width };
  } catch (cause) {
    throw new HeadstartError({
      code: 'model-invalid',
      message: 'The words.json of the saved model does not hold its words.',
      hint: 'Train the model again.',
      cause,
    });
  }
}
