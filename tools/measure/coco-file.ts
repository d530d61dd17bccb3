import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { RandomStream } from '@headstart/core';

const CLASSES = 80;
const PER_IMAGE = 8;

/**
 * Writes a COCO file of at least so many bytes, annotations first, as COCO's own with an outline each (`masked`) or
 * with boxes alone, and the detections that find every hundredth image's objects.
 */
export async function writeCocoFile(truth: string, predictions: string, bytes: number, masked: boolean): Promise<void> {
  const random = new RandomStream('coco-file');
  const out = createWriteStream(truth);
  const found: object[] = [];
  let [written, annotations] = [0, 0];
  const outlines = Array.from({ length: 64 }, () => [
    Array.from({ length: 44 }, () => Math.round(random.uniform(0, 64_000)) / 100),
  ]);
  const put = async (text: string) => {
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  };
  await put('{"info": {"year": 2017}, "annotations": [');
  while (written < bytes) {
    const image = Math.floor(annotations / PER_IMAGE) + 1;
    const bbox = [random.int(500), random.int(380), 10 + random.int(100), 10 + random.int(90)];
    const outline = masked ? { segmentation: outlines[annotations % outlines.length] } : {};
    const annotation = {
      ...outline,
      area: bbox[2]! * bbox[3]!,
      iscrowd: 0,
      image_id: image,
      bbox,
      category_id: 1 + random.int(CLASSES),
      id: annotations + 1,
    };
    await put((annotations++ === 0 ? '' : ', ') + JSON.stringify(annotation));
    if (image % 100 === 0) found.push({ image_id: image, category_id: annotation.category_id, bbox, score: 0.5 });
  }
  const images = Math.ceil(annotations / PER_IMAGE);
  await put('], "images": [');
  for (let id = 1; id <= images; id++)
    await put(`${id === 1 ? '' : ', '}{"id": ${id}, "file_name": "${id}.jpg", "width": 640, "height": 480}`);
  await put(
    `], "categories": ${JSON.stringify(Array.from({ length: CLASSES }, (_, i) => ({ id: i + 1, name: `class ${i + 1}` })))}}`,
  );
  out.end();
  await once(out, 'finish');
  await writeFile(predictions, JSON.stringify(found));
}
