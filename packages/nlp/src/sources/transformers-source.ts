import type { SourceCard, SourceScheme } from '@headstart/core';
import { hostBackbone } from '../frozen/host-backbone.ts';
import { transformersEmbedder, transformersLimit } from '../frozen/transformers-embedder.ts';
import { loadTransformers, type TransformersLibrary } from '../frozen/transformers-library.ts';
import { parseReference } from './reference-options.ts';

const FORMAT = {
  scheme: 'transformers',
  example: 'transformers:./exported-model#pooling=cls,normalise=no,precision=q8',
};

/**
 * `transformers:<folder or owner/repository>`: any ONNX encoder, frozen, run by onnxruntime through either package of
 * transformers.js.
 *
 * @param chosen the library that was provided; the one that is installed where it gives none
 */
export function transformersScheme(chosen: () => TransformersLibrary | undefined): SourceScheme {
  return {
    scheme: 'transformers',
    modality: 'text',
    description:
      'Any ONNX text encoder through transformers.js, frozen: transformers:<folder or owner/repository>#pooling=mean or cls,normalise=yes or no,precision=fp32 or q8.',
    resolve(rest) {
      const { location, options } = parseReference(FORMAT, rest, {
        pooling: ['mean', 'cls'],
        normalise: ['yes', 'no'],
        precision: ['fp32', 'q8'],
      });
      const { pooling, normalise, precision } = options;
      const id = `transformers:${rest}`;
      const model = { model: location, pooling, normalise: normalise === 'yes', precision };
      return {
        id,
        modality: 'text',
        card: card(location),
        inputLimit: ({ artifacts }) => transformersLimit(model, artifacts),
        async open({ artifacts }, open) {
          const library = chosen() ?? (await loadTransformers());
          const embedder = await transformersEmbedder(library, model, artifacts);
          try {
            return await hostBackbone(embedder, { from: id, open });
          } catch (error) {
            embedder.dispose();
            throw error;
          }
        },
      };
    },
  };
}

function card(location: string): SourceCard {
  return {
    title: location,
    description:
      'An ONNX encoder, frozen, run by transformers.js; what it was trained on and its licence are not known here.',
    trainedOn: 'unknown',
    licence: 'unknown',
    files: [{ uri: location }],
  };
}
