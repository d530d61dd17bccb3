import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Box } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { CocoEvaluator } from '../metrics/coco-evaluator.ts';
import { DetectionConfusion } from '../metrics/confusion-matrix.ts';
import { boxesSvg, colourOf, drawBoxes, drawThumbnail } from '@headstart/core/images';
import { escapeXml } from '@headstart/core/pages';
import { mistakePage } from './mistake-page.ts';
import { findMistakes } from './mistakes.ts';
import { reportPage } from './report-page.ts';

const object = (box: Box, label = 0, crowd = false) => ({ box, label, crowd, area: box[2] * box[3], id: 1 });
const found = (box: Box, score: number, label = 0) => ({ box, score, label });

let root: string;
let sample: DetectionSample;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-draw-'));
  const path = join(root, 'grey.png');
  await writeFile(
    path,
    await sharp({ create: { width: 200, height: 100, channels: 3, background: '#808080' } })
      .png()
      .toBuffer(),
  );
  sample = {
    id: 'grey.png',
    digest: '',
    image: { kind: 'file', path },
    width: 200,
    height: 100,
    objects: [object([20, 40, 60, 40])],
  };
});
afterAll(() => rm(root, { recursive: true }));

describe('drawBoxes', () => {
  it('draws frames where the boxes are, texts above them, and leaves the rest alone', async () => {
    const png = await drawBoxes(sample, [{ box: [20, 40, 60, 40], colour: '#f00', text: 'cup 0.93' }]);
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([200, 100]);
    const at = (x: number, y: number) =>
      Array.from(data.subarray(info.channels * (y * 200 + x), info.channels * (y * 200 + x) + 3));
    for (const [x, y] of [
      [20, 60],
      [50, 40],
      [79, 60],
      [50, 79],
    ] as const)
      expect(at(x, y)).toEqual([255, 0, 0]);
    for (const [x, y] of [
      [50, 60],
      [150, 50],
      [10, 90],
    ] as const)
      expect(at(x, y)).toEqual([128, 128, 128]);
    // The text's background above the frame, and white letters in it.
    let white = 0;
    for (let y = 25; y < 39; y++) for (let x = 20; x < 80; x++) if (at(x, y).every((value) => value > 200)) white++;
    expect(white).toBeGreaterThan(20);
  });

  it('keeps texts inside the picture, and what they say out of the markup', () => {
    const svg = boxesSvg([{ box: [190, 0, 10, 10], text: '<b>&"\u0000' }], sample);
    expect(svg).toContain('&lt;b&gt;&amp;&quot;</text>');
    const [, x, y] = /<text x="([\d.]+)" y="([\d.]+)"/.exec(svg)!;
    expect(Number(x)).toBeLessThan(190);
    expect(Number(y)).toBeLessThan(20);
    expect(escapeXml("it's")).toBe('it&#39;s');
    expect(colourOf('cup')).toBe(colourOf('cup'));
    expect(colourOf('cup')).not.toBe(colourOf('dog'));
  });

  it('puts the texts of boxes that lie over one another below each other, the first where it belongs', () => {
    const box: Box = [20, 30, 60, 40];
    const svg = boxesSvg(
      [
        { box, text: 'cat 0.9' },
        { box: [22, 30, 60, 40], text: 'dog 0.5' },
        { box: [120, 30, 60, 40], text: 'fox 0.4' },
        { box, text: 'cow 0.3' },
      ],
      sample,
    );
    const tops = [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)"[^>]* fill="hsl/g)].map(([, y]) => Number(y));
    // Font 12, background 16.2: above the box, below that, beside them, and below both.
    expect(tops).toEqual([13.8, 30, 13.8, 46.2]);
    // With no room left below, a text stays where it belongs.
    const full = boxesSvg(
      Array.from({ length: 8 }, () => ({ box, text: 'cat 0.9' })),
      sample,
    );
    const all = [...full.matchAll(/<rect x="[\d.]+" y="([\d.]+)"[^>]* fill="hsl/g)].map(([, y]) => Number(y));
    expect(all).toEqual([13.8, 30, 46.2, 62.4, 78.6, 13.8, 13.8, 13.8]);
  });

  it('reduces pictures and boxes alike', async () => {
    const { width, height } = await sharp(await drawThumbnail(sample, [], 50)).metadata();
    expect([width, height]).toEqual([50, 25]);
  });
});

describe('findMistakes', () => {
  const cup = object([0, 0, 100, 100]);
  const dog = object([200, 0, 100, 100], 1);
  const kinds = (...args: Parameters<typeof findMistakes>) => findMistakes(...args).map(({ kind }) => kind);

  it('tells the kinds apart', () => {
    expect(kinds([cup], [found([0, 0, 100, 90], 0.9)])).toEqual([]);
    expect(kinds([cup], [found([0, 0, 100, 100], 0.9), found([0, 0, 100, 90], 0.8)])).toEqual(['duplicate']);
    expect(kinds([dog], [found([200, 0, 100, 90], 0.9)])).toEqual(['classification']);
    expect(kinds([cup], [found([50, 0, 100, 100], 0.9)])).toEqual(['localisation']); // IoU 1/3
    expect(kinds([cup], [found([300, 300, 100, 100], 0.9)])).toEqual(['background', 'missed']);
    expect(kinds([cup, dog], [])).toEqual(['missed', 'missed']);
    expect(kinds([dog], [found([250, 0, 100, 100], 0.9)])).toEqual(['background', 'missed']); // wrong class and IoU 1/3
  });

  it('lets the surest detection take an object, whatever the order', () => {
    const [mistake] = findMistakes([cup], [found([0, 0, 100, 90], 0.5), found([0, 0, 100, 100], 0.9)]);
    expect(mistake).toMatchObject({ kind: 'duplicate', detection: { score: 0.5 }, overlap: 0.9 });
  });

  it('passes over what lies on a crowd, and what is not sure enough', () => {
    const crowd = object([0, 0, 300, 300], 0, true);
    expect(kinds([crowd], [found([10, 10, 20, 20], 0.9)])).toEqual([]);
    expect(kinds([crowd], [found([10, 10, 20, 20], 0.9, 1)])).toEqual(['background']);
    expect(kinds([], [found([10, 10, 20, 20], 0.29)])).toEqual([]);
    expect(kinds([], [found([10, 10, 20, 20], 0.29)], { threshold: 0.2 })).toEqual(['background']);
  });
});

describe('DetectionConfusion', () => {
  it('counts pairs of classes, and the background on either side', () => {
    const confusion = new DetectionConfusion(2);
    const objects = [
      object([0, 0, 100, 100]),
      object([200, 0, 100, 100], 1),
      object([0, 200, 50, 50], 1),
      object([400, 0, 100, 100], 0, true),
    ];
    confusion.add(objects, [
      found([0, 0, 100, 90], 0.9),
      found([200, 0, 100, 100], 0.8, 0),
      found([300, 300, 10, 10], 0.7, 1),
      found([410, 10, 20, 20], 0.6),
      found([0, 200, 50, 50], 0.1, 1),
    ]);
    // [cup, dog, background] by [cup, dog, nothing]: a cup right; a dog called cup, another missed; a dog where nothing is.
    expect(confusion.counts).toEqual([
      [1, 0, 0],
      [1, 0, 1],
      [0, 1, 0],
    ]);
  });
});

describe('mistakePage', () => {
  it('shows the worst of each kind first, and says nothing in markup of its own', async () => {
    const detections = [found([100, 0, 20, 20], 0.5), found([150, 50, 20, 20], 0.95)];
    const html = await mistakePage([{ sample: { ...sample, id: '<grey>.png' }, detections }], ['c&p'], {
      title: 'A <b> model',
      most: 1,
    });
    expect(html).toContain('<title>A &lt;b&gt; model</title>');
    expect(html).toContain('1 picture, 3 mistakes');
    expect(html).toMatch(/Background <small>2<\/small>/);
    expect(html).toMatch(/Missed <small>1<\/small>/);
    expect(html).toContain('c&amp;p 0.95 for nothing · &lt;grey&gt;.png');
    expect(html).not.toContain('0.50');
    expect(html.match(/<img /g)).toHaveLength(2);
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
  });
});

describe('reportPage', () => {
  const coco = new CocoEvaluator(3);
  const confusion = new DetectionConfusion(3);
  // One cup found, one of two dogs; no fox.
  const objects = [object([0, 0, 100, 100]), object([200, 0, 100, 100], 1), object([0, 200, 50, 50], 1)];
  const detections = [found([0, 0, 100, 100], 0.9), found([200, 0, 100, 100], 0.8, 1)];
  coco.add(objects, detections);
  confusion.add(objects, detections);
  const html = reportPage({ coco, confusion, labels: ['cup', '<dog>', 'fox'] }, 'A model on a set');

  it("shows COCO's numbers, each class's, and what was taken for what", () => {
    // The cup's AP is 1, the dog's 51 of 101 recalls, the mean of both 0.752.
    expect(html).toContain('<div><dt>AP50</dt><dd>0.752</dd></div>');
    expect(rowsOf(html)).toContainEqual(['&lt;dog&gt;', '2', '0.505', '0.505', '0.505']);
    expect(html).toContain('Not in these pictures: 1 of 3 classes.');
    expect(html).not.toContain('fox');
    // A dog found, another not: half of the row each, in the same colour.
    expect(rowsOf(html)).toContainEqual(['&lt;dog&gt;', '·', '1', '1']);
    expect(html).toMatch(
      /class="shaded marked" style="([^"]+)" title="50 % of &lt;dog&gt;">1<\/td><td class="shaded" style="\1"/,
    );
    expect(html).not.toContain('<dog>');
    expect(html).toContain('(score 0.3 or more, IoU 0.5 or more)');
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
  });

  it('draws precision against recall of all classes and of each that has objects', () => {
    const pictures = html.match(/<svg role="img"[\s\S]*?<\/svg>/g)!;
    expect(pictures.map((picture) => /<title>(.*?)<\/title>/.exec(picture)![1])).toEqual([
      'All classes together',
      'cup',
      '&lt;dog&gt;',
    ]);
    expect(pictures[2]).toContain('IoU 0.50: 0.505');
    // Precision by recall: the dog's is 1 up to a recall of 0.5 and 0 beyond, the cup's 1, and theirs together the mean.
    const [together, cup, dog] = pictures.map(curveOf);
    const middle = Array.from({ length: 101 }, (_, i) => (i <= 50 ? 1 : 0));
    expect(dog).toEqual(middle);
    expect(cup).toEqual(middle.map(() => 1));
    expect(together).toEqual(middle.map((precision) => (1 + precision) / 2));
  });
});

/** The cells of each row of the tables of a page. */
function rowsOf(html: string): string[][] {
  return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => cell!),
  );
}

/** The heights of a chart's first curve, from 0 at the bottom of its plot to 1 at the top. */
function curveOf(picture: string): number[] {
  const points = /class="line s0" d="M([^"]+)"/.exec(picture)![1]!.split('L');
  const heights = points.map((point) => Number(point.split(',')[1]));
  const [, top, bottom] = /class="axis" d="M[\d.]+ ([\d.]+)V([\d.]+)"/.exec(picture)!.map(Number) as [
    number,
    number,
    number,
  ];
  return heights.map((height) => Math.round((1000 * (bottom - height)) / (bottom - top)) / 1000);
}
