import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectations } from '../tools/data-layouts/expected/index.ts';
import type { Expectation } from '../tools/data-layouts/expectation.ts';
import { makeCase } from '../tools/data-layouts/further/further-case.ts';
import { furtherCases } from '../tools/data-layouts/further/index.ts';
import { judge, SOUND } from '../tools/data-layouts/judge.ts';
import { KNOWN_GAPS } from '../tools/data-layouts/known-gaps.ts';
import { unpackCases } from '../tools/data-layouts/packed-cases.ts';
import { readCase, type CaseRequest } from '../tools/data-layouts/read-case.ts';
import { readRows, requestOf } from '../tools/data-layouts/rows.ts';

// Data as people lay them out: the cases of the field report, and data of the same kinds made by code.

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-data-layouts-'));
  await unpackCases(root);
});
afterAll(() => rm(root, { recursive: true }));

/** Every third of the data made by code; `npm run measure -- data-layouts further` reads them all. */
const SHARE = 3;

const rows = await readRows();

/** Holds a reading to what is right for it; what is known to fall short has to fall short. */
async function check(name: string, request: CaseRequest, expectation: Expectation): Promise<void> {
  const observed = await readCase(request);
  const { outcome, differences } = judge(observed, expectation);
  const sound = SOUND.includes(outcome);
  const gap = KNOWN_GAPS[name];
  if (gap === undefined)
    expect(sound, `${name}: ${outcome}\n${differences.join('\n')}\n${JSON.stringify(observed, null, 1)}`).toBe(true);
  else expect(sound, `${name} is ${outcome} now: take it out of KNOWN_GAPS (${gap})`).toBe(false);
}

describe('the cases of the field report', () => {
  it('have an expectation each', () => {
    expect(Object.keys(expectations).sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) =>
    check(row.name, requestOf(row, join(root, row.folder, row.target)), expectations[row.name]!),
  );
});

describe('further data of the same kinds', () => {
  const further = furtherCases().filter((one, i) => i % SHARE === 0 || KNOWN_GAPS[one.name] !== undefined);
  it.each(further.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const target = await makeCase(join(root, 'further', one.name.replace(/[^\w.-]/g, '_')), one);
    await check(one.name, { ...one.options, target }, one.expectation);
  });
});
