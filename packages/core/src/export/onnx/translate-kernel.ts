import type { KernelCall } from '../kernel-call.ts';
import { arrayKernels } from './array-kernels.ts';
import { convolutionKernels } from './convolution-kernels.ts';
import { elementwiseKernels } from './elementwise-kernels.ts';
import type { ImageMaps } from './image-maps.ts';
import { linearKernels } from './linear-kernels.ts';
import { reductionKernels } from './reduction-kernels.ts';
import type { OnnxTranslations } from './translation.ts';

const translations: OnnxTranslations = {
  ...elementwiseKernels,
  ...convolutionKernels,
  ...linearKernels,
  ...reductionKernels,
  ...arrayKernels,
};

/** The names of a kernel's outputs in the graph. @throws HeadstartError `not-supported` for a kernel that has no operation */
export function translateKernel(call: KernelCall, maps: ImageMaps): readonly string[] {
  const translate = Object.hasOwn(translations, call.kernel) ? translations[call.kernel] : undefined;
  if (!translate) throw call.unknown();
  const outputs = translate(call, maps);
  return typeof outputs === 'string' ? [outputs] : outputs;
}
