import { dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { RandomStream, type SourceRuntime, type Tensors } from '@headstart/core';
import { nanoDetCoco, objectDetection, type DetectionPrediction } from '@headstart/detection';

/** NanoDet with the head that it was published with: its own 80 classes and boxes. */
export async function openUntouched(runtime: SourceRuntime) {
  const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
  const labels = backbone.sourceHead!.labels!;
  const task = objectDetection({ threshold: 0.4 });
  // The labels are the source's own, so that the head takes over its weights and no random ones remain.
  const head = task.buildHead(backbone, labels, new RandomStream(0));
  const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
  const stages = [...backbone.stages, head];

  async function find(path: string): Promise<{ prediction: DetectionPrediction; png: Uint8Array }> {
    const sample = await task.parseInput(path);
    const { image } = await encoder.encode(sample, { kind: 'plain' });
    const shape = [1, ...encoder.inputs['image']!.shape];
    const outputs = tidy(() => stages.reduce<Tensors>((inputs, stage) => stage.forward(inputs, { training: false }), { image: tensor(image!, shape) }) as Record<string, Tensor>);
    const [prediction] = await task.decode(outputs, labels, { samples: [sample], encoder });
    dispose(outputs);
    return { prediction: prediction!, png: await task.draw!(sample, prediction!) };
  }
  return {
    find,
    dispose(): void {
      dispose(head.variables.map(({ value }) => value));
      backbone.dispose();
    },
  };
}
