import { shown } from '@headstart/artifacts/errors';
import { HeadstartError } from '@headstart/core';
import { z } from 'zod';

export type EncoderFamily = 'bert' | 'roberta' | 'distilbert' | 'mpnet';
export type Activation = 'gelu' | 'gelu-tanh' | 'relu';

/** The sizes of a BERT-like encoder, by one set of names for all families. */
export interface EncoderConfig {
  readonly family: EncoderFamily;
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Width inside the feed-forward network. */
  readonly inner: number;
  /** Rows of the position table, and the first that a text uses. */
  readonly positions: number;
  readonly firstPosition: number;
  /** Rows of the table of segments; 0 where there is none. */
  readonly types: number;
  /** MPNet: rows of the table of relative positions; 0 elsewhere. */
  readonly relativeBuckets: number;
  readonly padId: number;
  readonly epsilon: number;
  readonly activation: Activation;
  readonly dropout: number;
  readonly attentionDropout: number;
  /** Standard deviation of fresh weights. */
  readonly initialStandardDeviation: number;
}

/** Far above any encoder that was ever published: what is larger is no encoder, and would fill the memory first. */
const MOST = { vocabulary: 4_000_000, positions: 1_000_000, width: 65_536, layers: 1024 } as const;

const count = (most: number) => z.number().int().min(1).max(most);
const share = z.number().min(0).lt(1);

const common = {
  vocab_size: count(MOST.vocabulary),
  max_position_embeddings: count(MOST.positions),
  pad_token_id: z.number().int().min(0).max(MOST.vocabulary).nullish(),
  initializer_range: z.number().positive().default(0.02),
};

const bertLike = z.looseObject({
  ...common,
  hidden_size: count(MOST.width),
  num_hidden_layers: count(MOST.layers),
  num_attention_heads: count(MOST.width),
  intermediate_size: count(MOST.width),
  type_vocab_size: z.number().int().min(0).max(MOST.width).default(0),
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: z.string().default('gelu'),
  hidden_dropout_prob: share.default(0.1),
  attention_probs_dropout_prob: share.default(0.1),
  position_embedding_type: z.string().default('absolute'),
  relative_attention_num_buckets: count(MOST.width).default(32),
});

const distilBert = z.looseObject({
  ...common,
  dim: count(MOST.width),
  n_layers: count(MOST.layers),
  n_heads: count(MOST.width),
  hidden_dim: count(MOST.width),
  activation: z.string().default('gelu'),
  dropout: share.default(0.1),
  attention_dropout: share.default(0.1),
});

/** `model_type` of config.json, and the family whose tensors it names its own alike. */
const FAMILIES: Readonly<Record<string, EncoderFamily>> = {
  bert: 'bert',
  roberta: 'roberta',
  'xlm-roberta': 'roberta',
  camembert: 'roberta',
  distilbert: 'distilbert',
  mpnet: 'mpnet',
};

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_new: 'gelu-tanh',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu: 'relu',
};

/**
 * Reads a Hugging Face `config.json`.
 * @param from the source, for messages
 * @throws HeadstartError `checkpoint-invalid` for a file that does not fit, `not-supported` for another kind of network
 */
export function encoderConfig(json: unknown, from: string): EncoderConfig {
  const { model_type: type } = (json ?? {}) as { model_type?: unknown };
  const family = typeof type === 'string' && Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : undefined;
  if (!family) throw notSupported(from, `its model_type is ${shown(type)}`);
  const parsed = (family === 'distilbert' ? distilBert : bertLike).safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new HeadstartError({
      code: 'checkpoint-invalid',
      message: `The config.json of ${from} does not describe its network: ${issue!.path.join('.')}: ${issue!.message}.`,
      hint: 'Fetch the model again, or choose another one.',
      cause: parsed.error,
    });
  }
  const config =
    family === 'distilbert'
      ? fromDistilBert(parsed.data as z.infer<typeof distilBert>, from)
      : fromBert(parsed.data as z.infer<typeof bertLike>, family, from);
  if (config.width % config.heads !== 0)
    throw notSupported(from, `its width of ${config.width} does not divide into ${config.heads} heads`);
  return config;
}

function fromBert(json: z.infer<typeof bertLike>, family: EncoderFamily, from: string): EncoderConfig {
  if (json.position_embedding_type !== 'absolute')
    throw notSupported(from, `its positions are "${json.position_embedding_type}", not absolute`);
  // RoBERTa and MPNet count positions from the one after the padding token's number.
  const padId = json.pad_token_id ?? (family === 'bert' ? 0 : 1);
  return {
    family,
    vocabulary: json.vocab_size,
    width: json.hidden_size,
    layers: json.num_hidden_layers,
    heads: json.num_attention_heads,
    inner: json.intermediate_size,
    positions: json.max_position_embeddings,
    firstPosition: family === 'bert' ? 0 : padId + 1,
    types: family === 'mpnet' ? 0 : json.type_vocab_size,
    relativeBuckets: family === 'mpnet' ? json.relative_attention_num_buckets : 0,
    padId,
    epsilon: json.layer_norm_eps,
    activation: activation(json.hidden_act, from),
    dropout: json.hidden_dropout_prob,
    attentionDropout: json.attention_probs_dropout_prob,
    initialStandardDeviation: json.initializer_range,
  };
}

function fromDistilBert(json: z.infer<typeof distilBert>, from: string): EncoderConfig {
  return {
    family: 'distilbert',
    vocabulary: json.vocab_size,
    width: json.dim,
    layers: json.n_layers,
    heads: json.n_heads,
    inner: json.hidden_dim,
    positions: json.max_position_embeddings,
    firstPosition: 0,
    types: 0,
    relativeBuckets: 0,
    padId: json.pad_token_id ?? 0,
    epsilon: 1e-12,
    activation: activation(json.activation, from),
    dropout: json.dropout,
    attentionDropout: json.attention_dropout,
    initialStandardDeviation: json.initializer_range,
  };
}

function activation(name: string, from: string): Activation {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name]!;
  throw notSupported(from, `its activation is "${name}"`);
}

function notSupported(from: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `${from} is not an encoder that can be built: ${why}.`,
    hint: `Choose a model whose config.json has one of the model types ${Object.keys(FAMILIES).join(', ')}, absolute positions, and ${Object.keys(ACTIVATIONS).join(', ')} for an activation.`,
  });
}
