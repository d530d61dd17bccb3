import { shown } from '@headstart/artifacts/errors';
import { HeadstartError, type OpenOptions } from '@headstart/core';
import { layerStage, stageInput } from '@headstart/core/network';
import { createHash } from 'node:crypto';
import { textTuning, type TextBackbone, type TextInput } from '../texts/text-backbone.ts';
import { gatherTexts } from './gather-texts.ts';
import type { HostEmbedder } from './host-embedder.ts';

const ASSET = 'embedder.json';

export interface HostBackboneOptions {
  /** The source's id, for messages. */
  readonly from: string;
  readonly open: OpenOptions;
}

/**
 * A backbone of which the network has run by the time a text is encoded: its only stage, `embedding`, has no
 * variables and hands the vector on, `pooled` `[batch, width]`. Core caches vectors as it caches any frozen stage's
 * features, and a head learns on them. There is nothing to fine-tune.
 *
 * @throws HeadstartError `not-supported` where fresh weights are asked for, `weights-mismatch` where a saved model was
 * trained on another network than this
 */
export async function hostBackbone(embedder: HostEmbedder, { from, open }: HostBackboneOptions): Promise<TextBackbone> {
  await checkUse(embedder, from, open);
  const embed = gatherTexts(embedder);
  const digest = digestOf(embedder);
  return {
    architecture: `host-embedder/1:${digest.slice(0, 16)}`,
    input: {
      tensors: { embedding: { shape: [embedder.width], dtype: 'float32' } },
      preprocessing: { embedder: digest },
    },
    stages: [layerStage('embedding', [], (inputs) => ({ pooled: stageInput(inputs, 'embedding').clone() }))],
    features: [{ name: 'pooled', stage: 'embedding', tensor: 'pooled', shape: [embedder.width], kind: 'vector' }],
    texts: {
      key: `host-embedder/1:${digest}:${embedder.runtime}`,
      ...(embedder.limit && { limit: embedder.limit }),
      length: ({ text }) => text.length,
      encode: async ({ text, pair }: TextInput) => {
        if (pair === undefined) return { embedding: checked(await embed(text), text, from) };
        throw new HeadstartError({
          code: 'not-supported',
          message: `${from} gives one vector per text and cannot take pairs of texts.`,
          hint: 'Use an encoder source such as minilm-l6 for tasks that read two texts at once.',
        });
      },
    },
    tuning: textTuning(embedder.width),
    assets: { [ASSET]: Buffer.from(JSON.stringify({ digest })) },
    dispose: () => embedder.dispose(),
  };
}

/** @throws HeadstartError `not-finite` where the network, damaged perhaps, gives no numbers */
function checked(vector: Float32Array, text: string, from: string): Float32Array {
  const wrong = vector.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return vector;
  throw new HeadstartError({
    code: 'not-finite',
    message: `There is ${wrong} in the vector that ${from} gives for the text ${shown(text, 40)}.`,
    hint: 'Look at that text; if others are no better, the network is damaged: fetch or export it again, or use another source.',
  });
}

function digestOf({ identity }: HostEmbedder): string {
  return createHash('sha256').update(identity).digest('hex');
}

async function checkUse(embedder: HostEmbedder, from: string, { weights, assets }: OpenOptions): Promise<void> {
  if (assets) {
    const { digest } = JSON.parse(Buffer.from(await assets(ASSET)).toString('utf8')) as { digest: string };
    if (digest === digestOf(embedder)) return;
    throw new HeadstartError({
      code: 'weights-mismatch',
      message: `${from} has changed since the model was trained on it: its files or its settings are different.`,
      hint: 'Put the former files back, or train again.',
    });
  }
  if (weights === 'published') return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${from} is frozen: it cannot start from fresh weights.`,
    hint: 'Use the strategy linear-probe with it, or a source whose weights can be trained, such as minilm-l6.',
  });
}
