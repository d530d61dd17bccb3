import { refusalOf } from '@headstart/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Box } from '../boxes/box.ts';
import { boxFormOf, pixelBox, type BoxForm } from './box-form.ts';
import { cocoJson } from './coco-json.ts';
import { pascalVoc } from './pascal-voc.ts';
import { HEIGHT, read, Scratch, seen, warned, WIDTH } from './readers.test.support.ts';
import { yoloFolder } from './yolo-folder.ts';

const size = { width: 200, height: 100 };

describe('pixelBox', () => {
  it.each<[Box, BoxForm]>([
    [[20, 10, 40, 30], { layout: 'sizes', unit: 'pixels' }],
    [[20, 10, 60, 40], { layout: 'corners', unit: 'pixels' }],
    [[40, 25, 40, 30], { layout: 'centres', unit: 'pixels' }],
    [[0.1, 0.1, 0.2, 0.3], { layout: 'sizes', unit: 'fractions' }],
    [[0.1, 0.1, 0.3, 0.4], { layout: 'corners', unit: 'fractions' }],
    [[0.2, 0.25, 0.2, 0.3], { layout: 'centres', unit: 'fractions' }],
    [[21, 11, 60, 40], { layout: 'corners', unit: 'pixels', inclusive: true }],
  ])('reads %j as %j', (numbers, form) => {
    const box = pixelBox(numbers, form, size);
    [20, 10, 40, 30].forEach((side, i) => expect(box[i]).toBeCloseTo(side, 10));
  });
});

describe('boxFormOf', () => {
  const stated: BoxForm = { layout: 'centres', unit: 'fractions' };
  it.each([
    [undefined, stated],
    ['corners', { layout: 'corners', unit: 'fractions' }],
    ['pixels', { layout: 'centres', unit: 'pixels' }],
    ['corners,pixels', { layout: 'corners', unit: 'pixels' }],
    ['centres', stated],
  ])('of the option %j', (boxes, form) => expect(boxFormOf(stated, boxes ? { boxes } : {})).toEqual(form));

  it.each(['', 'corner', 'corners,sizes', 'corners,pixels,x'])('refuses %j', async (boxes) => {
    const asked = Promise.resolve().then(() => boxFormOf(stated, { boxes }));
    await refusalOf(asked, 'invalid-option', `boxes=${boxes}`, 'corners');
  });
});

/** Boxes all over the picture, `x y width height` in pixels; a picture has two. */
const boxes: Box[] = Array.from({ length: 20 }, (_, i) => [
  (i * 37) % 71,
  (i * 23) % 53,
  10 + (i % 7) * 3,
  8 + (i % 5) * 4,
]);
const corners = ([x, y, width, height]: Box): Box => [x, y, x + width, y + height];
const centres = ([x, y, width, height]: Box): Box => [x + width / 2, y + height / 2, width, height];
const shares = ([a, b, c, d]: Box): Box => [a / WIDTH, b / HEIGHT, c / WIDTH, d / HEIGHT];
const pictures = Array.from({ length: 10 }, (_, i) => boxes.slice(2 * i, 2 * i + 2));

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

/** A set in each layout, its boxes written so. */
const layouts = {
  async coco(write: (box: Box) => Box) {
    for (const i of pictures.keys()) await scratch.put(`${i}.jpg`);
    await scratch.put('set.json', {
      images: pictures.map((_, id) => ({ id, file_name: `${id}.jpg` })),
      categories: [{ id: 1, name: 'cup' }],
      annotations: boxes.map((box, i) => ({
        id: i + 1,
        image_id: Math.floor(i / 2),
        category_id: 1,
        bbox: write(box),
      })),
    });
    return cocoJson;
  },
  async yolo(write: (box: Box) => Box) {
    await scratch.put('data.yaml', 'train: images\nnames: [cup]\n');
    for (const [i, own] of pictures.entries()) {
      await scratch.put(`images/${i}.jpg`);
      await scratch.put(`labels/${i}.txt`, own.map((box) => `0 ${write(box).join(' ')}\n`).join(''));
    }
    return yoloFolder;
  },
  async voc(write: (box: Box) => Box) {
    for (const [i, own] of pictures.entries()) {
      await scratch.put(`${i}.jpg`);
      const objects = own.map((box) => {
        const [xmin, ymin, xmax, ymax] = write(box);
        return `<object><name>cup</name><bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox></object>`;
      });
      await scratch.put(`${i}.xml`, `<annotation>${objects.join('')}</annotation>`);
    }
    return pascalVoc;
  },
};
const inclusive = (box: Box) => corners(box).map((side, i) => (i < 2 ? side + 1 : side)) as unknown as Box;
const meant = boxes.map((box) => ['cup', ...box]);
const rounded = (side: string | number) => (typeof side === 'number' ? Math.round(side * 1000) / 1000 : side);
const found = (data: Parameters<typeof seen>[0]) => seen(data).flatMap(({ objects }) => objects);

describe('a set whose boxes are', () => {
  it.each([
    ['coco', (box: Box) => box],
    ['yolo', (box: Box) => shares(centres(box))],
    ['voc', inclusive],
  ] as const)('as %s has them is read as it is meant, without a warning', async (layout, write) => {
    const data = await read(await layouts[layout](write), scratch.root);
    expect(found(data)).toEqual(meant);
    expect(warned(data)).toEqual([]);
  });

  it.each([
    ['coco', 'corners', corners, 'boxes-as-corners', 'corners,pixels'],
    ['coco', 'fractions', shares, 'boxes-as-fractions', 'sizes,fractions'],
    ['coco', 'corners in fractions', (box: Box) => shares(corners(box)), 'boxes-as-fractions', 'corners,fractions'],
    ['yolo', 'corners', (box: Box) => shares(corners(box)), 'boxes-as-corners', 'corners,fractions'],
    ['voc', 'fractions', (box: Box) => shares(corners(box)), 'boxes-as-fractions', 'corners,fractions'],
  ] as const)('%s with %s: a warning, and read right with the option', async (layout, _, write, code, option) => {
    const reader = await layouts[layout](write);
    const data = await read(reader, scratch.root);
    expect(warned(data)).toEqual([code]);
    expect(data.notes!.warnings![0]!.hint).toContain(`boxes=${option}`);
    expect(found(data)).not.toEqual(meant);
    const right = await read(reader, scratch.root, { boxes: option });
    expect(found(right)).toEqual(meant);
    expect(warned(right)).toEqual([]);
  });

  it.each([
    ['yolo', 'pixels', centres, 'centres,pixels'],
    ['yolo', 'corners in pixels', corners, 'corners,pixels'],
    ['voc', 'sizes', (box: Box) => [50 + box[0] / 2, 40 + box[1] / 2, 8, 8] as Box, 'sizes,pixels'],
  ] as const)('%s with %s: refused, and read with the option', async (layout, _, write, option) => {
    const reader = await layouts[layout](write);
    for (const skipBad of [false, true])
      await refusalOf(
        read(reader, scratch.root, {}, skipBad),
        'sample-unreadable',
        scratch.root,
        '20 boxes',
        `boxes=${option}`,
      );
    const right = await read(reader, scratch.root, { boxes: option });
    expect(found(right)).toHaveLength(20);
    if (layout === 'yolo') expect(found(right)).toEqual(meant);
  });

  it('corners that as centres reach a little over the edge are warned of, those of few boxes that do are not', async () => {
    const near = (box: Box): Box => [box[0] / 8 + 14, box[1] / 8 + 12, 18, 14];
    const reader = await layouts.yolo((box) => shares(corners(near(box))));
    expect(warned(await read(reader, scratch.root))).toEqual(['boxes-as-corners']);
    const right = await read(reader, scratch.root, { boxes: 'corners,fractions' });
    expect(found(right)).toEqual(boxes.map((box) => ['cup', ...near(box)].map(rounded)));
    const sloppy = (box: Box): Box => (box === boxes[0] ? [-3, -2, 60, 50] : [30, 30, 40, 35]);
    expect(warned(await read(await layouts.yolo((box) => shares(centres(sloppy(box)))), scratch.root))).toEqual([]);
  });

  it('corners that fit as sizes are warned of by how they go together', async () => {
    const small = (box: Box): Box => [box[0] / 4 + 3, box[1] / 4 + 3, 20, 22];
    const reader = await layouts.coco((box) => corners(small(box)));
    const data = await read(reader, scratch.root);
    expect(warned(data)).toEqual(['boxes-as-corners']);
    expect(data.notes!.warnings![0]!.message).toContain('All 20 boxes');
    const right = await read(reader, scratch.root, { boxes: 'corners,pixels' });
    expect(found(right)).toEqual(boxes.map((box) => ['cup', ...small(box)].map(rounded)));
    const large = (box: Box): Box => [box[0] / 8, box[1] / 8, 75 - (box[0] % 7), 60 - (box[1] % 5)];
    expect(warned(await read(await layouts.coco(large), scratch.root))).toEqual([]);
  });

  it('one that dwarfs its picture is refused, not cut', async () => {
    const reader = await layouts.coco((box) => (box === boxes[3] ? [0, 0, 1e308, 20] : box));
    await refusalOf(read(reader, scratch.root), 'sample-unreadable', 'annotation 4', 'ten times');
    expect(found(await read(reader, scratch.root, {}, true))).toHaveLength(18);
  });

  it('cut at the edges by a few pixels is not warned of', async () => {
    const data = await read(
      await layouts.coco(([x, y, width, height]) => [x - 3, y - 3, width + 6, height + 6]),
      scratch.root,
    );
    expect(warned(data)).toEqual([]);
  });

  it('outlines in YOLO rows stay what they are whatever the option says', async () => {
    await scratch.put('data.yaml', 'train: images\nnames: [cup]\n');
    await scratch.put('images/a.jpg');
    await scratch.put('labels/a.txt', '0 0.1 0.1 0.3 0.1 0.3 0.5\n0 0.1 0.2 0.3 0.4\n');
    expect(found(await read(yoloFolder, scratch.root, { boxes: 'corners' }))).toEqual([
      ['cup', 10, 8, 20, 32],
      ['cup', 10, 16, 20, 16],
    ]);
  });
});
