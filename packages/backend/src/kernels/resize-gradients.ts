import { tensor1d } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/**
 * tfjs-node's kernels leave `half_pixel_centers` out of the backward pass, so the gradient of a
 * resize with half-pixel centres is that of another function. These pass it on.
 */
export function registerResizeGradients(): void {
  setKernel('ResizeBilinearGrad', ({ inputs: { images, dy }, attrs, backend }) =>
    backend.executeSingleOutput('ResizeBilinearGrad', resizeAttributes(images!.dtype, attrs), [dy!, images!]),
  );
  setKernel('ResizeNearestNeighborGrad', ({ inputs: { images, dy }, attrs, backend }) => {
    const [, height, width] = images!.shape as [number, number, number];
    const size = tensor1d([height, width], 'int32');
    const result = backend.executeSingleOutput('ResizeNearestNeighborGrad', resizeAttributes(images!.dtype, attrs), [
      dy!,
      size,
    ]);
    size.dispose();
    return result;
  });
}

function resizeAttributes(dtype: string, { alignCorners, halfPixelCenters }: Record<string, unknown>) {
  return [
    attribute.type('T', dtype),
    attribute.bool('align_corners', Boolean(alignCorners)),
    attribute.bool('half_pixel_centers', Boolean(halfPixelCenters)),
  ];
}
