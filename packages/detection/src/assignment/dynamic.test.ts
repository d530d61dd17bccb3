import '@tensorflow/tfjs';
import { grad, memory, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Corners } from '../boxes/box.ts';
import { generalizedFocalLoss } from '../losses/detection-loss.ts';
import { ASSIGNMENTS } from './assignments.ts';
import { BACKGROUND, IGNORED } from './atss.ts';
import { assignCheapest } from './sim-ota.ts';
import { assignAligned } from './task-aligned.ts';

let tensors = 0;
beforeAll(() => setBackend('cpu'));
beforeEach(() => void (tensors = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(tensors));

interface Cell {
  readonly at: readonly [number, number];
  /** What the cell predicts: a box, and a logit per class. */
  readonly xyxy: Corners;
  readonly logits: readonly number[];
  readonly counted?: 0 | 1;
}

const STRIDE = 10;

/** Class, distances and, where the assignment gives it, quality of each cell. Objects are padded with two that are none. */
function assign(
  how: typeof assignAligned,
  objects: readonly { xyxy: Corners; label: number }[],
  cells: readonly Cell[],
): number[][] {
  return tidy(() => {
    const predicted = {
      logits: tensor(
        cells.flatMap(({ logits }) => [...logits]),
        [1, cells.length, cells[0]!.logits.length],
      ),
      xyxy: tensor(
        cells.flatMap(({ xyxy }) => [...xyxy]),
        [1, cells.length, 4],
      ),
    };
    const rows = [...objects.map(({ xyxy, label }) => [...xyxy, label + 1]), [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]];
    const targets = {
      objects: tensor(rows.flat(), [1, rows.length, 5]),
      cells: tensor(
        cells.flatMap(({ at, counted = 1 }) => [...at, STRIDE, counted]),
        [1, cells.length, 4],
      ),
    };
    return (how(predicted, targets).arraySync() as number[][][])[0]!;
  });
}

const close = (values: readonly number[], expected: readonly number[]) =>
  values.forEach((value, i) => expect(value, `value ${i} of ${values.join()}`).toBeCloseTo(expected[i]!, 5));
const labelsOf = (rows: readonly number[][]) => rows.map(([label]) => label);

describe('assignAligned', () => {
  it('takes the 13 cells inside whose score times overlap to the sixth is highest, and scales their quality', () => {
    // Sixteen cells inside the object, which predict it cut short by 0 to 15 of 40 pixels: u = 1 - i/40. All are sure
    // by half but the first, by 1/100: its t = 0.01 is less than the 13th best, 0.5 (1 - 13/40)^6 = 0.047.
    const u = (i: number) => 1 - i / 40;
    const cells = Array.from(
      { length: 16 },
      (_, i): Cell => ({ at: [4 + 2 * i, 20], xyxy: [0, 0, 40, 40 - i], logits: [9, i === 0 ? -Math.log(99) : 0] }),
    );
    const outside: Cell = { at: [60, 20], xyxy: [0, 0, 40, 40], logits: [9, 9] };
    const rows = assign(assignAligned, [{ xyxy: [0, 0, 40, 40], label: 1 }], [...cells, outside]);
    expect(labelsOf(rows)).toEqual([BACKGROUND, ...new Array<number>(13).fill(1), BACKGROUND, BACKGROUND, BACKGROUND]);
    // The best of its cells has the second's overlap, 39/40; the others are as much less as their t.
    rows
      .slice(1, 14)
      .forEach((row, i) => close(row, [1, (6 + 2 * i) / 10, 2, (34 - 2 * i) / 10, 2, u(1) * (u(i + 1) / u(1)) ** 6]));
    for (const row of [rows[0]!, ...rows.slice(14)]) close(row, [BACKGROUND, 0, 0, 0, 0, 0]);
  });

  it('gives a cell of two objects to the one that its box overlaps most, and the quality is that of its own', () => {
    const objects = [
      { xyxy: [0, 0, 40, 40], label: 0 },
      { xyxy: [10, 0, 50, 40], label: 1 },
    ] as const;
    const cells: Cell[] = [
      { at: [20, 20], xyxy: [0, 0, 40, 40], logits: [0, 3] }, // overlaps the first by 1, the second by 3/5, of which it is surer
      { at: [30, 20], xyxy: [10, 0, 50, 20], logits: [1, 0] }, // 1/2 of the second; 600 of 1800 of the first
      { at: [25, 20], xyxy: [10, 0, 50, 40], logits: [0, Math.log(3)] },
    ];
    const rows = assign(assignAligned, objects, cells);
    expect(labelsOf(rows)).toEqual([0, 1, 1]);
    expect(rows[0]![5]).toBeCloseTo(1, 6); // the only cell of its object, with overlap 1
    expect(rows[2]![5]).toBeCloseTo(1, 6);
    expect(rows[1]![5]).toBeCloseTo((0.5 * 0.5 ** 6) / 0.75, 6);
  });

  it('finds cells for an object that holds no middle of one', () => {
    const cells = [35, 45].flatMap((y) =>
      [35, 45].map((x): Cell => ({ at: [x, y], xyxy: [30, 30, 50, 50], logits: [0] })),
    );
    const rows = assign(
      assignAligned,
      [{ xyxy: [38, 38, 42, 42], label: 0 }],
      [...cells, { at: [55, 45], xyxy: [30, 30, 50, 50], logits: [5] }],
    );
    expect(labelsOf(rows)).toEqual([0, 0, 0, 0, BACKGROUND]);
    close(rows[0]!, [0, -0.3, -0.3, 0.7, 0.7, 16 / 400]);
  });

  it('leaves out cells that do not count, unless an object takes them, and is finite where boxes do not meet', () => {
    const cells: Cell[] = [
      { at: [20, 20], xyxy: [100, 100, 101, 101], logits: [-80], counted: 0 },
      { at: [60, 20], xyxy: [0, 0, 40, 40], logits: [80], counted: 0 },
      { at: [80, 20], xyxy: [80, 20, 80, 20], logits: [0] },
    ];
    const rows = assign(assignAligned, [{ xyxy: [0, 0, 40, 40], label: 0 }], cells);
    expect(labelsOf(rows)).toEqual([0, IGNORED, BACKGROUND]);
    expect(rows.flat().every(Number.isFinite)).toBe(true);
    expect(assign(assignAligned, [], cells).map(([label, ...rest]) => [label, Math.max(...rest)])).toEqual([
      [IGNORED, 0],
      [IGNORED, 0],
      [BACKGROUND, 0],
    ]);
  });
});

describe('assignCheapest', () => {
  const object = { xyxy: [0, 0, 40, 40] as Corners, label: 0 };
  const cell = (x: number, overlap: number, logit: number): Cell => ({
    at: [x, 20],
    xyxy: [0, 0, 40, 40 * overlap],
    logits: [logit],
  });

  it('takes as many of the cheapest as overlaps come to', () => {
    // Overlaps of 1, 0.8, 0.5 and 0.3 come to 2.6: two cells. Costs, softplus(-z) - 3 ln u: 0.693, 2.127 + 0.669,
    // 0.049 + 2.079 and 0.693 + 3.612.
    const rows = assign(
      assignCheapest,
      [object],
      [cell(16, 1, 0), cell(18, 0.8, -2), cell(20, 0.5, 3), cell(22, 0.3, 0)],
    );
    expect(labelsOf(rows)).toEqual([0, BACKGROUND, 0, BACKGROUND]);
    close(rows[2]!, [0, 2, 2, 2, 2]);
    // The second as sure as the third: 0.049 + 0.669 is less.
    expect(
      labelsOf(
        assign(assignCheapest, [object], [cell(16, 1, 0), cell(18, 0.8, 3), cell(20, 0.5, 3), cell(22, 0.3, 0)]),
      ),
    ).toEqual([0, 0, BACKGROUND, BACKGROUND]);
  });

  it('takes one at least, those inside and near the middle first', () => {
    const wide = { xyxy: [0, 0, 200, 40] as Corners, label: 0 };
    const cells: Cell[] = [
      { at: [10, 20], xyxy: [0, 0, 200, 36], logits: [9] }, // inside, nine strides from the middle
      { at: [100, 44], xyxy: [0, 0, 200, 36], logits: [9] }, // near, but outside
      { at: [110, 20], xyxy: [100, 0, 110, 2], logits: [0] }, // overlaps by 20 / 8000
      { at: [10, 60], xyxy: [0, 0, 200, 40], logits: [9] }, // neither
    ];
    // Overlaps of the first three come to 1.8025: one cell.
    expect(labelsOf(assign(assignCheapest, [wide], cells))).toEqual([BACKGROUND, BACKGROUND, 0, BACKGROUND]);
    expect(labelsOf(assign(assignCheapest, [wide], cells.slice(2)))).toEqual([0, BACKGROUND]);
    expect(labelsOf(assign(assignCheapest, [wide], [cells[0]!, cells[3]!]))).toEqual([0, BACKGROUND]);
  });

  it('counts what other classes cost, and gives a cell of two objects to the one that it costs least', () => {
    const twins = [object, { xyxy: [0, 0, 40, 40] as Corners, label: 1 }];
    const cells: Cell[] = [
      { at: [18, 20], xyxy: [0, 0, 40, 40], logits: [1, 2] },
      { at: [22, 20], xyxy: [0, 0, 40, 20], logits: [3, -3] },
    ];
    // Each object may take one (overlaps come to 1.5). Of the first object the cells cost softplus(1) + softplus(2) - 1
    // = 2.44 and softplus(3) + softplus(-3) - 3 + 3 ln 2 = 2.18; of the second 1.44 and 8.18. No cell is of both.
    expect(labelsOf(assign(assignCheapest, twins, cells))).toEqual([1, 0]);
    // With the second cell worse, both want the first: it is cheaper for the second object.
    expect(labelsOf(assign(assignCheapest, twins, [cells[0]!, { ...cells[1]!, logits: [-3, -3] }]))).toEqual([
      1,
      BACKGROUND,
    ]);
  });
});

describe('in the loss', () => {
  const BINS = 3;
  it.each(['task-aligned', 'sim-ota'] as const)(
    '%s is a constant: gradients are those of the loss with what it gave',
    (name) => {
      tidy(() => {
        const assignment = ASSIGNMENTS[name];
        const targets = {
          objects: tensor([10, 10, 50, 50, 1, 0, 0, 0, 0, 0], [1, 2, 5]),
          cells: tensor(
            [25, 35].flatMap((y) => [25, 35].flatMap((x) => [x, y, STRIDE, 1])),
            [1, 4, 4],
          ),
        };
        const distances = tensor(
          Array.from({ length: 4 * 4 * BINS }, (_, i) => Math.sin(3 * i)),
          [1, 4, 4 * BINS],
        );
        const xyxy = tensor([15, 12, 44, 52, 20, 10, 50, 50, 8, 10, 40, 52, 10, 15, 55, 45], [1, 4, 4]);
        const logits = tensor([0.3, -0.4, 0.8, -1.2, 0.1, 0.2, -0.6, 0.5], [1, 4, 2]);
        const held = assignment.resolve({ logits, distances, xyxy }, targets);
        const within = (x: Tensor) =>
          generalizedFocalLoss({ logits: x, distances }, assignment.resolve({ logits: x, distances, xyxy }, targets));
        const fixed = (x: Tensor) => generalizedFocalLoss({ logits: x, distances }, held);
        const [own, other] = [grad(within)(logits).dataSync(), grad(fixed)(logits).dataSync()];
        expect(Array.from(own)).toEqual(Array.from(other));
        expect(Array.from(held.labels.dataSync()).some((label) => label >= 0)).toBe(true);
        const at = (i: number, change: number) =>
          tidy(
            () =>
              fixed(
                tensor(
                  Array.from(logits.dataSync(), (value, j) => (i === j ? value + change : value)),
                  [1, 4, 2],
                ),
              ).dataSync()[0]!,
          );
        if (name === 'task-aligned') {
          // With the quality given, weights are held, too: the whole is differentiable.
          own.forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo((at(i, 1e-2) - at(i, -1e-2)) / 2e-2, 3));
        }
      });
    },
  );
});
