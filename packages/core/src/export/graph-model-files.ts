import type { GraphModel } from './graph-def.ts';

/** Browsers cache files up to about this size; the format's own converter cuts here too. */
const shardBytes = 4 * 1024 * 1024;

/** Name and content of each file of a TensorFlow.js graph model: `model.json` and weight shards of at most 4 MiB. */
export function graphModelFiles(
  model: GraphModel,
  metadata: Readonly<Record<string, unknown>>,
): [name: string, content: Uint8Array][] {
  const data = Buffer.concat(model.weights.map(({ bytes }) => bytes));
  const count = Math.max(1, Math.ceil(data.byteLength / shardBytes));
  const shards = Array.from({ length: count }, (_, i): [string, Uint8Array] => [
    `group1-shard${i + 1}of${count}.bin`,
    data.subarray(i * shardBytes, (i + 1) * shardBytes),
  ]);
  const json = {
    format: 'graph-model',
    generatedBy: 'headstart',
    convertedBy: 'headstart',
    signature: model.signature,
    userDefinedMetadata: metadata,
    modelTopology: { node: model.nodes, library: {}, versions: { producer: 27, minConsumer: 12 } },
    weightsManifest: [
      {
        paths: shards.map(([name]) => name),
        weights: model.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      },
    ],
  };
  return [['model.json', Buffer.from(JSON.stringify(json))], ...shards];
}
