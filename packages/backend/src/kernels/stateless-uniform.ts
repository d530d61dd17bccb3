import { STATELESS_UNIFORM } from '@headstart/core/backend';
import { tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/** Random numbers from a seed that is a tensor, by TensorFlow's counter-based generator (Philox; Salmon et al., 2011). */
export function registerStatelessUniform(): void {
  setKernel(STATELESS_UNIFORM, ({ inputs, attrs, backend }) => {
    const { shape, salt } = attrs as { shape: number[]; salt: number[] };
    return tidy(() => {
      const int32 = (name: string) => attribute.type(name, 'int32');
      const seed = backend.executeSingleOutput(
        'BitwiseXor',
        [int32('T')],
        [inputs.seed as Tensor, tensor1d(salt, 'int32')],
      );
      return backend.executeSingleOutput(
        'StatelessRandomUniform',
        [attribute.type('dtype', 'float32'), int32('T'), int32('Tseed')],
        [tensor1d(shape, 'int32'), seed],
      );
    });
  });
}
