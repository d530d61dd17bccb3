import { refusalOf } from '@headstart/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read, Scratch, seen, warned } from './readers.test.support.ts';
import { yoloFolder } from './yolo-folder.ts';

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

/** Boxes of 0.2 x 0.3 with four points in them, in five places. */
const PLACES = [0.3, 0.4, 0.5, 0.6, 0.7];
const POINTS = [
  [-0.05, -0.1],
  [0.05, -0.1],
  [0.02, 0.12],
  [0, 0.05],
];
const pose = (at: number, visible = '') =>
  `0 ${at} 0.5 0.2 0.3 ${POINTS.map(([x, y]) => `${at + x!} ${0.5 + y!}${visible}`).join(' ')}`;
const turned = (at: number) => `0 ${at} 0.4 ${at + 0.1} 0.5 ${at + 0.05} 0.55 ${at - 0.05} 0.45`;

async function rows(lines: readonly string[], options?: Record<string, string>) {
  await scratch.put('data.yaml', 'train: images\nnames: [dog]');
  for (const [i, line] of lines.entries()) {
    await scratch.put(`images/${i}.jpg`);
    await scratch.put(`labels/${i}.txt`, line);
  }
  return read(yoloFolder, scratch.root, options);
}

describe('rows that could be outlines', () => {
  it('and are boxes with keypoints are refused; keypoints says what they are', async () => {
    const lines = PLACES.map((at) => pose(at));
    await refusalOf(rows(lines), 'sample-unreadable', 'labels/0.txt, line 1', 'keypoints=4x2', 'keypoints=none');
    expect(seen(await rows(lines, { keypoints: '4x2' }))[0]!.objects).toEqual([['dog', 20, 28, 20, 24]]);
    const [outline] = seen(await rows(lines, { keypoints: 'none' }))[0]!.objects;
    expect(outline!.slice(1)).toEqual([20, 24, 15, 25.6]);
  });

  it('are surely none where each third number says whether a point is seen', async () => {
    await refusalOf(rows([pose(0.4, ' 2')]), 'sample-unreadable', 'the row', 'keypoints=4x3');
    expect(seen(await rows([pose(0.4, ' 2')], { keypoints: '4x3' }))[0]!.objects).toEqual([['dog', 30, 28, 20, 24]]);
  });

  it('are read with a warning where they are few', async () => {
    const data = await rows([pose(0.3), pose(0.4)]);
    expect(warned(data)).toEqual(['outlines-as-keypoints']);
    expect(data.notes!.warnings![0]!.hint).toContain('keypoints=4x2');
    expect(warned(await rows([pose(0.3), pose(0.4)], { keypoints: '4x2' }))).toEqual([]);
  });

  it.each([
    ['turned boxes', PLACES.map((at) => turned(at))],
    ['outlines of several lengths', [...PLACES.map((at) => pose(at)), '0 0.1 0.1 0.3 0.1 0.2 0.4']],
    ['outlines elsewhere', [...PLACES.map((at) => pose(at)), '0 0.8 0.8 0.9 0.8 0.9 0.9 0.8 0.9 0.8 0.85 0.79 0.82']],
  ])('are outlines: %s', async (_, lines) => {
    expect(warned(await rows(lines))).toEqual([]);
  });

  it('keypoints of another form are an error', async () => {
    await refusalOf(rows([pose(0.3)], { keypoints: 'some' }), 'invalid-option', 'keypoints=none');
  });
});
