import {
  add,
  cast,
  clone,
  expandDims,
  matMul,
  mul,
  relu,
  reshape,
  softmax,
  sub,
  transpose,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { dropout, LayerNorm, layerStage, stageInput, type ForwardMode, type Stage } from '@headstart/core/network';
import type { Activation, EncoderConfig } from './encoder-config.ts';
import type { Embeddings } from './embeddings-stage.ts';
import { linear } from './layers/linear.ts';
import { gelu, geluTanh } from './ops/gelu.ts';
import { layerNames } from './variable-names.ts';

/** Added to the scores of padding: beyond it softmax gives exactly zero. */
const MASKED = -1e9;

const ACTIVATIONS: Readonly<Record<Activation, (x: Tensor) => Tensor>> = { gelu, 'gelu-tanh': geluTanh, relu };

/**
 * The stage `layer.<index>`: self-attention and a feed-forward network, each added to its input and then
 * normalised (Vaswani et al., 2017; Devlin et al., 2019). Takes and gives `hidden` `[batch, length,
 * width]` and `mask` `[batch, length]`, 1 for tokens and 0 for padding.
 *
 * @param window what is longer is so many windows of this length one after another: a token attends to those of its own
 */
export function encoderLayer(config: EncoderConfig, index: number, bias: Embeddings['bias'], window: number): Stage {
  const { width, inner, epsilon, heads, initialStandardDeviation: standardDeviation } = config;
  const names = layerNames(config.family, index);
  const query = linear(names.query, width, width, standardDeviation);
  const key = linear(names.key, width, width, standardDeviation);
  const value = linear(names.value, width, width, standardDeviation);
  const attentionOutput = linear(names.attentionOutput, width, width, standardDeviation);
  const attentionNorm = new LayerNorm(names.attentionNorm, width, epsilon);
  const up = linear(names.up, width, inner, standardDeviation);
  const down = linear(names.down, inner, width, standardDeviation);
  const norm = new LayerNorm(names.norm, width, epsilon);
  const activate = ACTIVATIONS[config.activation];

  return layerStage(
    `layer.${index}`,
    [query, key, value, attentionOutput, attentionNorm, up, down, norm],
    (inputs, mode) => {
      const hidden = stageInput(inputs, 'hidden');
      const mask = stageInput(inputs, 'mask');
      const [batch, length] = hidden.shape as [number, number, number];
      const size = width / heads;
      const span = Math.min(length, window);
      const windows = (batch * length) / span;
      const x = reshape(hidden, [batch * length, width]);
      const perHead = (rows: Tensor) => transpose(reshape(rows, [windows, span, heads, size]), [0, 2, 1, 3]);

      const scaled = mul(query.forward(x, mode), 1 / Math.sqrt(size));
      const scores = add(
        matMul(perHead(scaled), perHead(key.forward(x, mode)), false, true),
        maskScores(reshape(mask, [windows, span]), bias?.(span)),
      );
      const shares = drop(softmax(scores), config.attentionDropout, 'attention', mode);
      const context = reshape(transpose(matMul(shares, perHead(value.forward(x, mode))), [0, 2, 1, 3]), [
        batch * length,
        width,
      ]);
      const attended = attentionNorm.forward(
        add(x, drop(attentionOutput.forward(context, mode), config.dropout, 'attended', mode)),
      );

      const fed = down.forward(activate(up.forward(attended, mode)), mode);
      const y = norm.forward(add(attended, drop(fed, config.dropout, 'fed', mode)));
      return { hidden: reshape(y, [batch, length, width]), mask: clone(mask) };
    },
  );
}

function drop(x: Tensor, rate: number, name: string, { training, random }: ForwardMode): Tensor {
  return training && random ? dropout(x, rate, random.child(name)) : x;
}

/** `[batch, 1, 1, length]`, with a bias `[batch, heads, length, length]`. */
function maskScores(mask: Tensor, bias: Tensor | undefined): Tensor {
  const added = mul(sub(1, cast(mask, 'float32')), MASKED);
  const broadcast = expandDims(expandDims(added, 1), 1);
  return bias ? add(bias, broadcast) : broadcast;
}
