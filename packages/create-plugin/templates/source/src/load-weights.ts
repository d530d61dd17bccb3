import { HeadstartError } from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import { assignValues, type Backbone } from '@headstart/core/network';

/**
 * Puts the weights of a safetensors file into the variables of the same names.
 * @throws HeadstartError `weights-mismatch` for a variable that the file lacks, or has in another shape or type
 */
export async function loadWeights({ stages }: Backbone, path: string): Promise<void> {
  const { tensors } = await readSafetensors(path);
  for (const variable of stages.flatMap(({ variables }) => variables)) {
    const stored = tensors.get(variable.name);
    const values = await stored?.read();
    if (!(values instanceof Float32Array) || stored?.shape.join() !== variable.value.shape.join()) {
      throw new HeadstartError({
        code: 'weights-mismatch',
        message: `${path} has no float32 weights "${variable.name}" of shape [${variable.value.shape.join(', ')}].`,
        hint: 'Use the file that was published with this version of the package.',
      });
    }
    assignValues(variable, values);
  }
}
