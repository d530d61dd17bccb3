import type { Artifacts } from '@headstart/core';
import type { InputLimit } from '@headstart/core/readers';
import { Tokeniser } from '../tokens/tokeniser.ts';
import { parseJson } from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import { describeEncoder, type EncoderLocation } from './open-encoder.ts';

/**
 * How much of a text an encoder reads, by its own tokenizer: its weights are not opened.
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `not-supported`
 */
export async function encoderLimit(location: EncoderLocation, from: string, artifacts: Artifacts): Promise<InputLimit> {
  const { files, settings } = await describeEncoder(location, from, artifacts);
  const tokeniser = new Tokeniser({ tokenizer: files.tokenizer, config: files.tokenizerConfig }, settings.length, from);
  const { positions, firstPosition } = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const most = Math.min(positions - firstPosition, 512);
  return {
    most: settings.length,
    unit: 'tokens',
    exceeds: ([text = '', pair]) => tokeniser.exceeds({ text, pair }),
    hint:
      settings.length < most
        ? `More is read by --source "encoder:${location.location}#length=${most}", which takes longer.`
        : 'Cut the texts into parts, or shorten them to what matters.',
  };
}
