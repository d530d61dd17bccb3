import { basename, join } from 'node:path';
import { createArtifacts, type Headstart } from '@headstart/core';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { DetectionPrediction } from '@headstart/detection';
import { photographs } from '../workspace/photographs.ts';
import { percent, say } from './say.ts';

/** Where pictures with boxes go. */
const DRAWN = join('runs', 'demo');

/** What a detector finds before anything is carried over: the source that one's own boxes start from. */
export async function showObjects(headstart: Headstart): Promise<void> {
  say('NanoDet from COCO as it is, nothing trained: what it finds in two photographs');
  say();
  const paths = await photographs(createArtifacts());
  const detector = await headstart.pretrained<DetectionPrediction>('nanodet-coco', {
    taskOptions: { threshold: '0.4' },
  });
  const predictions = await detector.predict(paths);
  for (const [i, prediction] of predictions.entries()) {
    const path = paths[i]!;
    const drawn = join(DRAWN, basename(path));
    await writeAtomic(drawn, await detector.draw(path, prediction));
    const found = prediction.objects.map(({ label, score }) => `${label} ${percent(score)}`).join(', ');
    say(`  ${basename(path).padEnd(28)} ${found || 'nothing'}; drawn in ${drawn}`);
  }
  detector.dispose();
  say();
  say('In your own pictures:  npm run headstart -- predict nanodet-coco photo.jpg --draw found.png');
  say('Your own objects, pictures with boxes in COCO, YOLO or VOC format:  npm run headstart -- train ./boxes');
}
