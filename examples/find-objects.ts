// What a detector, as it was published, is surest of in a picture, and where that is.
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import detection, { type DetectionPrediction } from '@headstart/detection';
import vision from '@headstart/vision';

const headstart = await createHeadstart({ backend: await openBackend(), plugins: [vision(), detection()] });
const detector = await headstart.pretrained<DetectionPrediction>('nanodet-coco');
const [found] = await detector.predict(['docs/images/cup-found.jpg']);
const [surest] = found!.objects;
console.log(
  surest ? `${surest.label} ${surest.score.toFixed(2)} at ${surest.box.map(Math.round).join(', ')}` : 'nothing',
);
detector.dispose();
await headstart.close();
