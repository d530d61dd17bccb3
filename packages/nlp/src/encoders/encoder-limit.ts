import type { Artifacts } from '@headstart/core';
import type { InputLimit } from '@headstart/core/readers';
import { encoderTokeniser, parseJson } from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import type { EncoderOrigin } from './open-encoder.ts';

/**
 * How much of a text an encoder reads, by its own tokenizer: its weights are not opened.
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `not-supported`
 */
export async function encoderLimit(origin: EncoderOrigin, from: string, artifacts: Artifacts): Promise<InputLimit> {
  const { files, settings } = await origin.describe(artifacts, from);
  const tokeniser = encoderTokeniser(files, settings, from);
  const { positions, firstPosition } = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const most = Math.min(positions - firstPosition, 512);
  return {
    most: settings.length,
    unit: 'tokens',
    exceeds: ([text = '', pair]) => tokeniser.exceeds({ text, pair }),
    hint:
      origin.longer && settings.length < most
        ? `More is read by --source "${origin.longer(most)}", which takes longer.`
        : 'Cut the texts into parts, or shorten them to what matters.',
  };
}
