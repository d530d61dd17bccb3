import '@tensorflow/tfjs';
import { add, mul, scalar, setBackend, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerStage, stageInput } from './layer-stage.ts';
import { runStages } from './run-stages.ts';

beforeAll(() => setBackend('cpu'));

const double = layerStage('double', [], (inputs) => ({ x: mul(stageInput(inputs, 'x'), 2) }));
const addMode = layerStage('add', [], (inputs, { training }) => ({
  x: add(stageInput(inputs, 'x'), training ? 10 : 1),
}));

describe('runStages', () => {
  it.each([
    { mode: undefined, expected: 7 }, // 2 · 3 + 1
    { mode: { training: true }, expected: 16 },
    { mode: ({ name }: { name: string }) => ({ training: name === 'double' }), expected: 7 },
  ])('hands each stage what the one before gave, in the mode of all or of each', ({ mode, expected }) => {
    expect(tidy(() => runStages([double, addMode], { x: scalar(3) }, mode)['x']!.dataSync()[0])).toBe(expected);
  });

  it('shows what each stage puts out, and gives the inputs where there is no stage', () => {
    const shown: unknown[] = [];
    tidy(() =>
      runStages([double, addMode], { x: scalar(3) }, { training: false }, ({ name }, { x }) =>
        shown.push(name, x!.dataSync()[0]),
      ),
    );
    expect(shown).toEqual(['double', 6, 'add', 7]);
    const inputs = {};
    expect(runStages([], inputs)).toBe(inputs);
  });
});
