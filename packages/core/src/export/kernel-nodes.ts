import type { GraphBuilder } from './graph-builder.ts';
import type { KernelCall } from './kernel-call.ts';
import { arrayKernels } from './kernels-arrays.ts';
import { convolutionKernels } from './kernels-convolution.ts';
import { elementwiseKernels } from './kernels-elementwise.ts';
import { linearKernels } from './kernels-linear.ts';
import { reductionKernels } from './kernels-reductions.ts';

/** Adds the nodes that do what a kernel did; returns the graph name of its first output. */
export type KernelTranslation = (call: KernelCall, graph: GraphBuilder) => string;

export type KernelTranslations = Readonly<Record<string, KernelTranslation>>;

const translations: KernelTranslations = {
  ...elementwiseKernels,
  ...convolutionKernels,
  ...linearKernels,
  ...reductionKernels,
  ...arrayKernels,
};

/** @throws HeadstartError `not-supported` for a kernel that has no node */
export function translateKernel(call: KernelCall, graph: GraphBuilder): string {
  const translation = Object.hasOwn(translations, call.kernel) ? translations[call.kernel] : undefined;
  if (translation) return translation(call, graph);
  throw call.unknown();
}
