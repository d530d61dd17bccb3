import { HeadstartError } from '@headstart/core';
import { z } from 'zod';
import { POOLINGS, type Pooling, type PoolingOptions } from './pooling.ts';

/** How an encoder is used for whole texts. */
export interface SentenceSettings extends PoolingOptions {
  /** Texts are cut to this many tokens, special ones included; or, with windows, into pieces of so many. */
  readonly length: number;
  /** The most such pieces of a text that are read, each by itself. */
  readonly windows: number;
  /** What every text is read with in front of it, such as `query: `; empty for nothing. */
  readonly prefix: string;
  /** Whether words' vectors learn where the encoder is tuned, or stay as they are: of many languages they are most of its weights. */
  readonly words: (typeof WORDS)[number];
}

export const WORDS = ['trained', 'frozen'] as const;

/** The settings of a saved model, as its `sentence.json` holds them. */
export const sentenceSettingsSchema = z.object({
  pooling: z.enum(POOLINGS),
  normalise: z.boolean(),
  length: z.number().int().min(1),
  windows: z.number().int().min(1).default(1),
  prefix: z.string().default(''),
  words: z.enum(WORDS).default('trained'),
});

/** Files that sentence-transformers puts beside a model, parsed; absent ones are undefined. */
export interface SentenceFiles {
  /** `modules.json` */
  readonly modules?: unknown;
  /** `1_Pooling/config.json` */
  readonly pooling?: unknown;
  /** `sentence_bert_config.json` */
  readonly transformer?: unknown;
  /** `tokenizer_config.json` */
  readonly tokenizer?: unknown;
  /** `config_sentence_transformers.json` */
  readonly prompts?: unknown;
}

/** The longest texts that any encoder here is given, in tokens. */
export const MOST_TOKENS = 512;
/** The most windows of a text. */
export const MOST_WINDOWS = 64;

const modulesSchema = z.array(z.looseObject({ type: z.string() }));
const lengthSchema = z.looseObject({ max_seq_length: z.number().int().min(1).nullish() });
const tokenizerSchema = z.looseObject({ model_max_length: z.number().min(1).nullish() });

const promptsSchema = z.looseObject({
  prompts: z.record(z.string(), z.string()).nullish(),
  default_prompt_name: z.string().nullish(),
});

const POOLING_KEYS: Readonly<Record<string, Pooling>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_weightedmean_tokens: 'weighted-mean',
  pooling_mode_lasttoken: 'last',
};

/**
 * What was asked for; else what the model's own files say; else the mean over tokens, vectors as they
 * are, as many tokens as the model takes, and nothing before a text.
 *
 * @param most the most tokens that the network takes
 * @throws HeadstartError `not-supported` for a pooling that is not known, `checkpoint-invalid`
 */
export function sentenceSettings(
  asked: Partial<SentenceSettings>,
  files: SentenceFiles,
  most: number,
  from: string,
): SentenceSettings {
  const modules = read(modulesSchema, files.modules, 'modules.json', from) ?? [];
  const named = read(lengthSchema, files.transformer, 'sentence_bert_config.json', from)?.max_seq_length;
  const tokenizer = read(tokenizerSchema, files.tokenizer, 'tokenizer_config.json', from)?.model_max_length;
  return {
    pooling: asked.pooling ?? poolingOf(files.pooling, from),
    normalise: asked.normalise ?? modules.some(({ type }) => type.endsWith('.Normalize')),
    // Tokenizers without a limit name one of about 10^30.
    length: asked.length ?? Math.min(named ?? tokenizer ?? most, most, MOST_TOKENS),
    windows: asked.windows ?? 1,
    prefix: asked.prefix ?? defaultPrompt(files.prompts, from),
    words: asked.words ?? 'trained',
  };
}

/** The prompt that sentence-transformers puts before texts where none is asked for. */
function defaultPrompt(json: unknown, from: string): string {
  const { prompts, default_prompt_name: name } =
    read(promptsSchema, json, 'config_sentence_transformers.json', from) ?? {};
  return (name == null ? undefined : prompts?.[name]) ?? '';
}

function poolingOf(json: unknown, from: string): Pooling {
  const modes = read(z.record(z.string(), z.unknown()), json, '1_Pooling/config.json', from) ?? {
    pooling_mode_mean_tokens: true,
  };
  const chosen = Object.keys(modes).filter((key) => key.startsWith('pooling_mode_') && modes[key] === true);
  const pooling = chosen.length === 1 ? POOLING_KEYS[chosen[0]!] : undefined;
  if (pooling) return pooling;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${from} pools its tokens by ${chosen.join(' and ') || 'nothing'}, which is not supported.`,
    hint: `Choose one of ${POOLINGS.join(', ')}: encoder:…#pooling=mean.`,
  });
}

function read<T>(schema: z.ZodType<T>, json: unknown, file: string, from: string): T | undefined {
  if (json === undefined) return undefined;
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HeadstartError({
    code: 'checkpoint-invalid',
    message: `The ${file} of ${from} is not valid: ${[...issue!.path, issue!.message].join('.')}.`,
    hint: 'Fetch the model again.',
    cause: parsed.error,
  });
}
