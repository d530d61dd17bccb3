import type { OpenOptions, SourceRuntime } from '@headstart/core';
import type { InputLimit } from '@headstart/core/readers';
import { tokenLimit } from '../tokens/token-limit.ts';
import { encoderTokeniser, parseJson } from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import { readSaved, type EncoderOrigin } from './open-encoder.ts';
import { readingMore, type OtherOptions } from './reading-more.ts';

/**
 * How much of a text an encoder reads, by its own tokenizer: its weights are not opened.
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `not-supported`
 */
export async function encoderLimit(
  origin: EncoderOrigin,
  from: string,
  { artifacts }: Pick<SourceRuntime, 'artifacts'>,
  { assets }: Pick<OpenOptions, 'assets'> = {},
  other?: OtherOptions,
): Promise<InputLimit> {
  const { files, settings } = assets ? await readSaved(assets, from) : await origin.describe(artifacts, from);
  const config = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const hint = readingMore(settings, config, assets ? undefined : other);
  return tokenLimit(encoderTokeniser(files, settings, from), hint);
}
