import type { OpenOptions, SourceRuntime } from '@headstart/core';
import type { InputLimit } from '@headstart/core/readers';
import { tokenLimit } from '../tokens/token-limit.ts';
import { encoderTokeniser, parseJson } from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import { readSaved, type EncoderOrigin } from './open-encoder.ts';

/** What a source with others of its options is called, such as `length=512`; undefined where it has none. */
export type OtherOptions = (options: string) => string;

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
  if (assets) {
    const { files, settings } = await readSaved(assets, from);
    return tokenLimit(encoderTokeniser(files, settings, from));
  }
  const { files, settings } = await origin.describe(artifacts, from);
  const { positions, firstPosition } = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const tokeniser = encoderTokeniser(files, settings, from);
  return tokenLimit(tokeniser, other && longerHint(other, settings.length, positions - firstPosition));
}

function longerHint(other: OtherOptions, length: number, positions: number): string {
  const windows = `in windows by --source "${other('windows=4')}"`;
  const most = Math.min(positions, 512);
  return length < most
    ? `More is read by --source "${other(`length=${most}`)}", which takes longer, or ${windows}.`
    : `More is read ${windows}, which takes longer.`;
}
