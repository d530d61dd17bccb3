import type { Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import { z } from 'zod';
import type { GraphModel } from '../../vendor/tfjs-converter.ts';
import type { ModelFiles } from './model-files.ts';

/** A node of the graph as the converter holds it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly GraphNode[];
  /** `name` or `name:output`, in the order of `inputs`. */
  readonly inputNames: readonly string[];
}

/** What the converter keeps to itself: the graph, and the values of its constants by node name. */
interface Executor {
  weightMap: Record<string, Tensor[]>;
  readonly graph: {
    readonly nodes: Readonly<Record<string, GraphNode>>;
    readonly placeholders: readonly GraphNode[];
    readonly outputs: readonly GraphNode[];
  };
}

export interface LoadedGraph {
  readonly model: GraphModel;
  readonly executor: Executor;
  /** As loaded: with the batch left open. */
  readonly topology: object;
  /** The picture. */
  readonly placeholder: GraphNode;
  readonly inputShape: readonly (number | null)[];
}

interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly attr?: Readonly<Record<string, { shape?: { unknownRank?: boolean; dim?: { size?: string | number }[] } }>>;
}

const sizes = z.array(z.looseObject({ size: z.union([z.string(), z.number()]).nullish() }));
const topologySchema = z.looseObject({
  node: z
    .array(
      z.looseObject({
        name: z.string(),
        op: z.string(),
        input: z.array(z.string()).nullish(),
        attr: z
          .record(z.string(), z.looseObject({ shape: z.looseObject({ dim: sizes.nullish() }).nullish() }))
          .nullish(),
      }),
    )
    .max(100_000),
});

function noGraph(from: string, why: string, cause: unknown): HeadstartError {
  return new HeadstartError({
    code: 'model-invalid',
    message: `${from} cannot be built as a GraphModel: ${why}`,
    hint: 'Convert the model again with a current tensorflowjs_converter.',
    cause,
  });
}

/**
 * Loads a GraphModel. A batch of fixed size is opened: whether the graph bears it shows when it runs.
 * @throws HeadstartError `model-invalid`, `not-supported`
 */
export async function loadGraph(
  { topology: original, signature, weightSpecs, weightData }: ModelFiles,
  from: string,
): Promise<LoadedGraph> {
  const described = topologySchema.safeParse(original);
  if (!described.success) throw noGraph(from, z.prettifyError(described.error).replaceAll('\n', ' '), described.error);
  const topology = structuredClone(original) as { node: NodeDef[] };
  const shapes = new Map<string, (number | null)[]>();
  for (const { name, op, attr } of topology.node) {
    if (op !== 'Placeholder') continue;
    const dims = attr?.['shape']?.shape?.dim ?? [];
    if (dims[0]) dims[0].size = '-1';
    shapes.set(
      name,
      dims.slice(1).map(({ size = -1 }) => (Number(size) > 0 ? Number(size) : null)),
    );
  }
  let model: GraphModel;
  // What other sources do without is imported here.
  const { loadGraphModel } = await import('../../vendor/tfjs-converter.ts');
  try {
    model = await loadGraphModel({
      load: async () => ({ modelTopology: topology, signature, weightSpecs, weightData, format: 'graph-model' }),
    });
  } catch (cause) {
    throw noGraph(from, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { executor } = model as unknown as { executor: Executor };
  const [placeholder, ...others] = executor.graph.placeholders;
  if (!placeholder || others.length > 0) {
    const names = executor.graph.placeholders.map(({ name }) => name).join(', ') || 'none';
    model.dispose();
    throw new HeadstartError({
      code: 'not-supported',
      message: `${from} takes ${executor.graph.placeholders.length} inputs (${names}) where one picture is expected.`,
      hint: 'Convert the model with one input, others frozen to constants.',
    });
  }
  const shape = shapes.get(placeholder.name) ?? [];
  return { model, executor, topology, placeholder, inputShape: shape.length > 0 ? shape : [null, null, null] };
}
