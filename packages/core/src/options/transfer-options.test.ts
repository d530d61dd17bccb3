import { expect, it } from 'vitest';
import { transferOptions, withDefaults, type TransferOption } from './transfer-options.ts';

const options = Object.entries<TransferOption>(transferOptions);

it('has defaults that are within their own bounds, and a flag of its own for each option', () => {
  for (const [name, { kind, default: usual }] of options)
    if (usual !== undefined) expect(kind.accepts(usual), name).toBe(true);
  const flags = options.map(([, { flag }]) => flag.split(' ')[0]);
  expect(new Set(flags).size).toBe(options.length);
  for (const [name, { flag, kind }] of options) {
    expect(flag, name).toMatch(/^--[a-z]+(-[a-z]+)*( <\S+>)?$/);
    expect(flag.includes('<'), name).toBe(kind.fromText !== undefined);
  }
});

it('puts in what was not said, and leaves what was', () => {
  expect(withDefaults({})).toEqual({ seed: 0, split: [70, 10, 20] });
  expect(withDefaults({ seed: 3, epochs: 2, labelSmoothing: undefined })).toEqual({
    seed: 3,
    epochs: 2,
    split: [70, 10, 20],
  });
});
