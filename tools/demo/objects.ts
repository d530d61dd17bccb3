import { basename, join } from 'node:path';
import { createArtifacts, writeAtomic, type Progress } from '@headstart/core';
import { photographs } from '../workspace/photographs.ts';
import { openUntouched } from '../workspace/untouched-detector.ts';
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
