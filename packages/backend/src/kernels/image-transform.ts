import { scalar, tensor1d } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/** `tf.image.transform`, which tfjs-node does not offer, as TensorFlow's ImageProjectiveTransformV3. */
export function registerImageTransform(): void {
  setKernel('Transform', ({ inputs: { image, transforms }, attrs, backend }) => {
    const { interpolation, fillMode, fillValue, outputShape } = attrs as {
      interpolation: string;
      fillMode: string;
      fillValue: number;
      outputShape?: [number, number];
    };
    const size = tensor1d(outputShape ?? image!.shape.slice(1, 3), 'int32');
    const fill = scalar(fillValue);
    const result = backend.executeSingleOutput(
      'ImageProjectiveTransformV3',
      [
        attribute.type('dtype', image!.dtype),
        attribute.string('interpolation', interpolation.toUpperCase()),
        attribute.string('fill_mode', fillMode.toUpperCase()),
      ],
      [image!, transforms!, size, fill],
    );
    size.dispose();
    fill.dispose();
    return result;
  });
}
