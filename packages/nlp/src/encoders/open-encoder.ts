import { HeadstartError, type Artifacts, type OpenOptions } from '@headstart/core';
import {
  encoderBackbone,
  ENCODER_ASSETS,
  parseJson,
  type EncoderBackbone,
  type EncoderFiles,
  type EncoderWeights,
} from './encoder-backbone.ts';
import { sentenceSettingsSchema, type SentenceSettings } from './sentence-settings.ts';

/** An encoder without its weights, which are opened when they are asked for. */
export interface DescribedEncoder {
  readonly files: EncoderFiles;
  readonly settings: SentenceSettings;
  /** @throws HeadstartError `artifact-*`, `checkpoint-*` */
  weights(): Promise<EncoderWeights>;
}

/** Where an encoder comes from. */
export interface EncoderOrigin {
  /**
   * @param from the source's id, for messages
   * @throws HeadstartError `artifact-*`, `checkpoint-*`, `not-supported`
   */
  describe(artifacts: Artifacts, from: string): Promise<DescribedEncoder>;
}

/**
 * Opens an encoder from its origin, or from the files that a saved model kept.
 *
 * @param from the source's id, for messages
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `weights-mismatch`, `not-supported`
 */
export async function openEncoder(
  origin: EncoderOrigin,
  from: string,
  artifacts: Artifacts,
  { weights, assets, elements }: OpenOptions,
): Promise<EncoderBackbone> {
  if (assets) return openSaved(assets, from, elements);
  const described = await origin.describe(artifacts, from);
  const { files, settings } = described;
  // Words that nobody taught anything have to learn.
  if (weights === 'none') return encoderBackbone(files, { ...settings, words: 'trained' }, from);
  return encoderBackbone(files, settings, from, await described.weights());
}

async function openSaved(
  assets: NonNullable<OpenOptions['assets']>,
  from: string,
  elements: number | undefined,
): Promise<EncoderBackbone> {
  const { files, settings } = await readSaved(assets, from);
  return encoderBackbone(files, settings, from, undefined, elements);
}

/** What a saved model kept of its encoder. @throws HeadstartError `model-invalid` */
export async function readSaved(
  assets: NonNullable<OpenOptions['assets']>,
  from: string,
): Promise<Pick<DescribedEncoder, 'files' | 'settings'>> {
  const text = async (name: string) => Buffer.from(await assets(name)).toString('utf8');
  const files = {
    config: await text(ENCODER_ASSETS.config),
    tokenizer: await text(ENCODER_ASSETS.tokenizer),
    tokenizerConfig: await text(ENCODER_ASSETS.tokenizerConfig),
  };
  const settings = sentenceSettingsSchema.safeParse(
    parseJson(await text(ENCODER_ASSETS.settings), ENCODER_ASSETS.settings, from),
  );
  if (settings.success) return { files, settings: settings.data };
  throw new HeadstartError({
    code: 'model-invalid',
    message: `The ${ENCODER_ASSETS.settings} of the saved model is not valid: ${settings.error.issues[0]!.message}.`,
    hint: 'Train the model again.',
    cause: settings.error,
  });
}
