import { HeadstartError, nearestName } from '@headstart/core';
import { z } from 'zod';

/** Prefixes of a layer's weights: `<prefix>.weight`, `<prefix>.bias`. */
export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** From the heads' values to the hidden size. */
  readonly context: string;
  readonly contextNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outerNorm: string;
}

/** What an encoder of the BERT family computes, whatever its checkpoint calls it. */
export interface EncoderLayout {
  readonly modelType: string;
  readonly hiddenSize: number;
  readonly heads: number;
  readonly layers: number;
  readonly epsilon: number;
  readonly activation: Activation;
  /** Longest sequence, in tokens. */
  readonly maxLength: number;
  /** Whether the model adds an embedding of a token's segment, and where it comes from. */
  readonly tokenTypes: 'input' | 'first' | 'none';
  /** Positions count from 0, or as RoBERTa's from behind the padding token's number, without counting padding. */
  readonly positions: { readonly from: 'zero' } | { readonly from: 'padding'; readonly padding: number };
  /** The weight of a bias by distance, as MPNet has it. */
  readonly relativeBias?: { readonly name: string; readonly buckets: number };
  layer(index: number): LayerNames;
}

export type Activation = (typeof ACTIVATIONS)[number];

const ACTIVATIONS = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu'] as const;
export const MODEL_TYPES = ['bert', 'roberta', 'distilbert', 'mpnet'] as const;

const size = z.int().positive();
const activation = z.enum(ACTIVATIONS);

const bertLike = z.object({
  hidden_size: size,
  num_attention_heads: size,
  num_hidden_layers: size,
  layer_norm_eps: z.number().positive().default(1e-12),
  hidden_act: activation.default('gelu'),
  max_position_embeddings: size,
  pad_token_id: z.int().min(0).nullable().default(null),
  position_embedding_type: z.literal('absolute').default('absolute'),
  relative_attention_num_buckets: size.default(32),
});

const distilBert = z.object({
  dim: size,
  n_heads: size,
  n_layers: size,
  activation: activation.default('gelu'),
  max_position_embeddings: size,
});

/**
 * Reads a checkpoint's `config.json`.
 * @throws HeadstartError `not-supported` for another family or activation, `model-invalid` for a config that lacks a size
 */
export function encoderLayout(config: unknown): EncoderLayout {
  const { model_type: modelType } = z.looseObject({ model_type: z.string().default('') }).parse(config);
  if (modelType === 'distilbert') return distilBertLayout(parse(distilBert, config));
  if (modelType === 'bert' || modelType === 'roberta' || modelType === 'mpnet') return bertLayout(modelType, parse(bertLike, config));
  const nearest = nearestName(modelType, MODEL_TYPES);
  throw new HeadstartError({
    code: 'not-supported',
    message: `The configuration names the model type "${modelType}", which is not an encoder of the BERT family that Headstart knows.`,
    hint: `${nearest ? `Did you mean "${nearest}"? ` : ''}Known are ${MODEL_TYPES.join(', ')}.`,
  });
}

function parse<T>(schema: z.ZodType<T>, config: unknown): T {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  throw new HeadstartError({
    code: 'model-invalid',
    message: `The encoder's configuration does not fit: ${path.join('.')}: ${message}.`,
    hint: 'Give the config.json that the checkpoint was published with.',
    cause: parsed.error,
  });
}

function bertLayout(modelType: 'bert' | 'roberta' | 'mpnet', config: z.infer<typeof bertLike>): EncoderLayout {
  const padding = config.pad_token_id ?? 1;
  const offset = modelType === 'bert' ? 0 : padding + 1;
  return {
    modelType,
    hiddenSize: config.hidden_size,
    heads: config.num_attention_heads,
    layers: config.num_hidden_layers,
    epsilon: config.layer_norm_eps,
    activation: config.hidden_act,
    maxLength: config.max_position_embeddings - offset,
    tokenTypes: modelType === 'bert' ? 'input' : modelType === 'roberta' ? 'first' : 'none',
    positions: modelType === 'bert' ? { from: 'zero' } : { from: 'padding', padding },
    ...(modelType === 'mpnet' && {
      relativeBias: { name: 'encoder.relative_attention_bias.weight', buckets: config.relative_attention_num_buckets },
    }),
    layer: (index) => (modelType === 'mpnet' ? mpnetLayer : bertLayer)(`encoder.layer.${index}`),
  };
}

const bertLayer = (at: string): LayerNames => ({
  query: `${at}.attention.self.query`,
  key: `${at}.attention.self.key`,
  value: `${at}.attention.self.value`,
  context: `${at}.attention.output.dense`,
  contextNorm: `${at}.attention.output.LayerNorm`,
  inner: `${at}.intermediate.dense`,
  outer: `${at}.output.dense`,
  outerNorm: `${at}.output.LayerNorm`,
});

const mpnetLayer = (at: string): LayerNames => ({
  ...bertLayer(at),
  query: `${at}.attention.attn.q`,
  key: `${at}.attention.attn.k`,
  value: `${at}.attention.attn.v`,
  context: `${at}.attention.attn.o`,
  contextNorm: `${at}.attention.LayerNorm`,
});

function distilBertLayout(config: z.infer<typeof distilBert>): EncoderLayout {
  return {
    modelType: 'distilbert',
    hiddenSize: config.dim,
    heads: config.n_heads,
    layers: config.n_layers,
    epsilon: 1e-12,
    activation: config.activation,
    maxLength: config.max_position_embeddings,
    tokenTypes: 'none',
    positions: { from: 'zero' },
    layer: (index) => {
      const at = `transformer.layer.${index}`;
      return {
        query: `${at}.attention.q_lin`,
        key: `${at}.attention.k_lin`,
        value: `${at}.attention.v_lin`,
        context: `${at}.attention.out_lin`,
        contextNorm: `${at}.sa_layer_norm`,
        inner: `${at}.ffn.lin1`,
        outer: `${at}.ffn.lin2`,
        outerNorm: `${at}.output_layer_norm`,
      };
    },
  };
}
