import { HeadstartError } from '@headstart/core';
import { readFile, writeFile } from 'node:fs/promises';
import { DrawnFlips } from './drawn-flips.ts';

/** What came of using something that is stored. */
export interface Use {
  /** All that must not change, as text. */
  readonly result: string;
  /** Whether damage was told, or mended where it is told elsewhere. */
  readonly told: boolean;
}

/** A stored file, and how it is used. */
export interface StoredFile {
  readonly name: string;
  readonly path: string;
  /** Puts everything back that a use may have changed, this file among it. */
  restore(): Promise<void>;
  use(): Promise<Use>;
}

/** How many flipped bits came to what. */
export interface FlipCounts {
  /** Refused with a code, or told and mended, with the result as it was. */
  readonly told: number;
  /** Not told, and the result as it was. */
  readonly harmless: number;
  /** Another result, or an error without a code: where. */
  readonly wrong: readonly string[];
}

/** Flips bits of a file one at a time, drawn by a fixed seed. */
export async function flipBits(file: StoredFile, flips: number): Promise<FlipCounts> {
  const { path } = file;
  await file.restore();
  const intact = await file.use();
  if (intact.told) throw new Error(`${path}: damage was told where there was none.`);
  let [told, harmless] = [0, 0];
  const wrong: string[] = [];
  const drawn = new DrawnFlips();
  for (let i = 0; i < flips; i++) {
    await file.restore();
    const { altered, at, bit } = drawn.of(await readFile(path));
    await writeFile(path, altered);
    const end = await file.use().catch((error: unknown) => ({ error }));
    const where = `byte ${at}, bit ${bit}`;
    if ('error' in end) {
      if (HeadstartError.is(end.error) && end.error.code !== 'internal') told++;
      else wrong.push(`${where}: ${String(end.error)}`);
    } else if (end.result !== intact.result) wrong.push(`${where}: ${end.result} in place of ${intact.result}`);
    else if (end.told) told++;
    else harmless++;
  }
  await file.restore();
  return { told, harmless, wrong };
}
