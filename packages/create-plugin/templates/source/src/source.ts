import type { SourceDomain } from '@headstart/core';
import { loadWeights } from './load-weights.ts';
import { network } from './network.ts';

/** The published weights lie in this package. Addresses with `npm:`, `pypi:`, `hf:` and `https:` work in the same way. */
const WEIGHTS = {
  uri: new URL('../weights/weights.safetensors', import.meta.url).href,
  sha256: 'dd14f3b3ec1cb6cd424101a5bac6f83d4a5d339ce6c95f839a6ea610f9173ec2',
  bytes: 1032,
};

/** A network on points of the plane. Its features say how far a point lies in each of eight directions. */
export const source: SourceDomain = {
  id: 'your-name',
  modality: 'point',
  card: {
    title: 'Your name',
    description: 'Two dense stages on points of the plane; the features say how far a point lies in eight directions.',
    trainedOn: 'none',
    licence: 'your-licence',
    parameters: 2 * 16 + 16 + 16 * 8 + 8,
    input: 'the two coordinates of a point',
    files: [WEIGHTS],
  },
  async open({ artifacts }, { weights }) {
    const backbone = network();
    try {
      if (weights === 'published') await loadWeights(backbone, (await artifacts.file(WEIGHTS)).path);
      return backbone;
    } catch (error) {
      backbone.dispose();
      throw error;
    }
  },
};
