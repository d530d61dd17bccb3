import type { PageDescription } from './page-description.ts';

/** How a page reads a network that classifies, by its `logits`. */
export function classesOutput(activation: 'softmax' | 'sigmoid', threshold?: number): PageDescription['output'] {
  return { kind: 'classes', tensors: ['logits'], activation, threshold };
}
