import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HeadstartError } from '@headstart/core';
import { valuesOf } from '@headstart/core/metrics';
import type { Box } from '../boxes/box.ts';
import { CocoEvaluator } from './coco-evaluator.ts';
import type { DetectionEvidence, JudgedObjects } from './detection-evidence.ts';
import { detectionFormat } from './detection-format.ts';
import { pictureScore } from './picture-score.ts';

interface Golden {
  groundTruth: {
    images: { id: number }[];
    categories: { id: number; name: string }[];
    annotations: { image_id: number; category_id: number; bbox: Box; area: number; iscrowd: 0 | 1 }[];
  };
  detections: { image_id: number; category_id: number; bbox: Box; score: number }[];
}

// Boxes of all sizes, crowds, and more detections than count.
const { cases } = JSON.parse(readFileSync(new URL('fixtures/coco-map.json', import.meta.url), 'utf8')) as {
  cases: Golden[];
};

function evidenceOf({ groundTruth: { images, categories, annotations }, detections }: Golden): DetectionEvidence {
  const label = (category: number) => categories.findIndex(({ id }) => id === category);
  const pictures = images.map(
    ({ id }): JudgedObjects => ({
      objects: annotations
        .filter((each) => each.image_id === id)
        .map((each) => ({
          label: label(each.category_id),
          box: each.bbox,
          area: each.area,
          crowd: each.iscrowd === 1,
        })),
      detections: detections
        .filter((each) => each.image_id === id)
        .map((each) => ({ label: label(each.category_id), box: each.bbox, score: each.score })),
    }),
  );
  return { labels: categories.map(({ name }) => name), pictures, threshold: 0.3 };
}

function evaluatorOf({ labels, pictures }: DetectionEvidence, times: (picture: number) => number = () => 1) {
  const coco = new CocoEvaluator(labels.length);
  pictures.forEach(({ objects, detections }, i) => {
    for (let n = 0; n < times(i); n++) coco.add(objects, [...detections]);
  });
  return coco;
}

const golden = cases.map((each, i) => [i, evidenceOf(each)] as const);

describe('kept detections', () => {
  it.each(golden)('are read again as they were, and give the same numbers, case %i', (_, evidence) => {
    const items = { kind: 'detections' as const, ...detectionFormat.write(evidence) };
    const again = detectionFormat.read(JSON.parse(JSON.stringify(items)) as typeof items);
    expect(again).toEqual(evidence);
    const reported = evaluatorOf(evidence).metrics();
    const measured = detectionFormat.measure(again);
    for (const [name, value] of Object.entries(reported))
      expect(measured[name]?.value, name).toBe(value >= 0 ? value : undefined);
  });

  it.each(golden)('give AP of resampled pictures as of pictures that come several times, case %i', (_, evidence) => {
    const measured = detectionFormat.measure(evidence);
    const once = new Int32Array(evidence.pictures.length).fill(1);
    const counts = once.map((_count, i) => (i * 7 + 3) % 3);
    const drawn = evaluatorOf(evidence, (i) => counts[i]!).metrics();
    for (const name of ['AP', 'AP50', 'AP75'] as const) {
      expect(measured[name]!.resampled!(once), name).toBeCloseTo(measured[name]!.value, 12);
      expect(measured[name]!.resampled!(counts), name).toBeCloseTo(drawn[name], 10);
    }
  });

  it.each(golden)('give AP of many draws as of pictures that come so often, case %i', (_, evidence) => {
    const measured = detectionFormat.measure(evidence);
    const [samples, draws] = [evidence.pictures.length, 25];
    // Every fifth draw has the first picture only; the others go from none of a picture to three.
    const times = (picture: number, draw: number) =>
      draw % 5 === 0 ? Number(picture === 0) : ((picture + 2) * (draw + 3) * 7) % 4;
    const counts = Int32Array.from({ length: samples * draws }, (_, at) => times(Math.floor(at / draws), at % draws));
    for (const name of ['AP', 'AP50', 'AP75'] as const) {
      const values = valuesOf(measured[name]!.resampled!, { samples, draws, counts });
      for (let draw = 0; draw < draws; draw++) {
        const expected = evaluatorOf(evidence, (picture) => times(picture, draw)).metrics()[name];
        if (expected < 0) expect(values[draw], `${name} ${draw}`).toBeNaN();
        else expect(values[draw], `${name} ${draw}`).toBeCloseTo(expected, 12);
      }
    }
  });

  it('tell the classes that were kept of the source apart again', () => {
    const evidence = { ...golden[0]![1], retained: [0] };
    const again = detectionFormat.read({ kind: 'detections', ...detectionFormat.write(evidence) });
    const coco = evaluatorOf(evidence);
    expect(detectionFormat.measure(again)['APold']!.value).toBe(coco.metrics([0]).AP);
  });

  it('are refused where they were altered into what is no box', () => {
    const items = { kind: 'detections' as const, ...detectionFormat.write(golden[0]![1]) };
    const [truth, detections] = items.columns as [(typeof items.columns)[0], (typeof items.columns)[0]];
    const altered = (text: string) => () =>
      detectionFormat.read({
        ...items,
        columns: [truth, { ...detections, values: [text, ...detections.values.slice(1)] }],
      });
    for (const text of ['[{"label":99,"box":[0,0,1,1],"score":1}]', '[{"label":0,"box":[0,0,1],"score":1}]', '[', '{}'])
      expect(altered(text), text).toThrow(HeadstartError);
  });
});

describe('a picture', () => {
  const object = (box: Box, label = 0, crowd = false) => ({ box, label, crowd, area: box[2] * box[3] });
  const found = (box: Box, score: number, label = 0) => ({ box, label, score });

  it('scores the F1 of what is shown of it', () => {
    const objects = [object([0, 0, 10, 10]), object([20, 0, 10, 10]), object([40, 0, 10, 10], 1)];
    const right = found([0, 0, 10, 10], 0.9);
    // Beside the second object by half of it (IoU 1/3), and a third that is not sure enough to be shown.
    const detections = [found([40, 0, 10, 10], 0.2, 1), found([25, 0, 10, 10], 0.8), right];
    expect(pictureScore(objects, detections, 0.3)).toBe(2 / (3 + 2));
    expect(pictureScore(objects, detections, 0.1)).toBe(4 / (3 + 3));
    expect(pictureScore([], [], 0.3)).toBe(1);
    expect(pictureScore([], [right], 0.3)).toBe(0);
    expect(pictureScore([object([0, 0, 10, 10], 0, true)], [right], 0.3)).toBe(1);
  });
});
