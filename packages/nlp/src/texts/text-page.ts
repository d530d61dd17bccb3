import { pageScript, type NoPage, type PageDescription, type PageFile, type PageRequest } from '@headstart/core/export';
import { textBackbone } from './text-backbone.ts';

/** What a page does with the network's answer. */
export interface TextAnswer {
  readonly accepts: 'text' | 'text-pair';
  readonly output: PageDescription['output'];
  /** Whether the two texts of a pair are rows of their own. */
  readonly apart?: boolean;
}

/** How a page turns texts into what a backbone takes, and its outputs into a prediction. */
export async function textPage(
  { backbone }: PageRequest,
  { accepts, output, apart = false }: TextAnswer,
): Promise<PageDescription | NoPage> {
  const texts = await textBackbone(backbone).texts.page?.();
  if (!texts) {
    return {
      unavailable: `its source, ${backbone.architecture.replace(/:.*/, '')}, makes vectors of texts in Node, outside the exported network, which is the head alone.`,
    };
  }
  const files = [...texts.files, ...(output.kind === 'module' ? [await vectorsModule()] : [])];
  return { accepts, input: { ...texts.input, apart }, output, files };
}

const VECTORS = 'vectors.js';

/** The output of a network that gives vectors: the first, or how alike two are. */
export function vectorsOutput(tensor: string, gives: 'vector' | 'cosine'): PageDescription['output'] {
  return { kind: 'module', module: VECTORS, tensors: [tensor], gives };
}

async function vectorsModule(): Promise<PageFile> {
  return [VECTORS, await pageScript(new URL('../browser/vectors.entry.js', import.meta.url))];
}
