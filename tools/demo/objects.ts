import { basename, join } from 'node:path';
import { dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { createArtifacts, RandomStream, writeAtomic, type Progress, type SourceRuntime, type Tensors } from '@headstart/core';
import { nanoDetCoco, objectDetection, type DetectionPrediction } from '@headstart/detection';
import { photographs } from '../workspace/photographs.ts';
import { percent, say } from './say.ts';

/** Where pictures with boxes go. */
const DRAWN = join('runs', 'demo');

/** What a detector finds before anything is carried over: the source that one's own boxes start from. */
export async function showObjects(progress: Progress): Promise<void> {
  say('NanoDet from COCO as it is, nothing trained: what it finds in two photographs');
  say();
  const artifacts = createArtifacts({ progress });
  const detector = await openUntouched({ artifacts, progress });
  for (const path of await photographs(artifacts)) {
    const { prediction, png } = await detector.find(path);
    const drawn = join(DRAWN, basename(path));
    await writeAtomic(drawn, png);
    const found = prediction.objects.map(({ label, score }) => `${label} ${percent(score)}`).join(', ');
    say(`  ${basename(path).padEnd(28)} ${found || 'nothing'}; drawn in ${drawn}`);
  }
  detector.dispose();
  say();
  say('Your own objects, pictures with boxes in COCO, YOLO or VOC format:  npm run headstart -- train ./boxes');
}

/** The source with the head that it was published with: its own 80 classes and boxes. */
async function openUntouched(runtime: SourceRuntime) {
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
