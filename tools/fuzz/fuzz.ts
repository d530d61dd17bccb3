import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from './family.ts';
import { Hand, type Limits } from './hand.ts';
import { isFault, Tally } from './tally.ts';

/** What an input may take: 10 s and 1.5 GB. */
export const LIMITS: Limits = { time: 10_000, memory: 1.5e9 };

export interface Fuzzing {
  readonly families: readonly string[];
  readonly seed: number;
  readonly inputs: number;
  readonly minutes: number;
  readonly jobs: number;
  /** Where inputs that fail are kept, each in a folder named by its family and seed. */
  readonly kept: string;
  /** Told of each input that failed. */
  readonly failed: (family: string, seed: number, outcome: Outcome) => void;
}

/** Reads inputs of the families in turn, the first of the seed given, each next one of the next. */
export async function fuzz({ families, seed, inputs, minutes, jobs, kept, failed }: Fuzzing): Promise<Tally> {
  const tally = new Tally();
  const end = performance.now() + minutes * 60_000;
  const root = await mkdtemp(join(tmpdir(), 'headstart-fuzz-'));
  let next = 0;
  const work = async (job: number): Promise<void> => {
    const hand = new Hand(join(root, `cache-${job}`), LIMITS);
    const folder = join(root, `input-${job}`);
    try {
      for (let i = next++; i < inputs && performance.now() < end; i = next++) {
        const [family, its] = [families[i % families.length]!, seed + i];
        const result = await hand.ask({ family, seed: its, folder });
        tally.add(family, result);
        if (!isFault(result.outcome)) continue;
        failed(family, its, result.outcome);
        await keep(folder, join(kept, `${family}-${its}`), result.outcome);
      }
    } finally {
      await hand.close();
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, (_, job) => work(job)));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return tally;
}

/** Reads the inputs that lie in folders. */
export async function replay(
  family: string,
  folders: readonly string[],
  told: (folder: string, outcome: Outcome) => void,
): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'headstart-fuzz-'));
  const hand = new Hand(cache, LIMITS);
  try {
    for (const folder of folders) told(folder, (await hand.ask({ family, folder })).outcome);
  } finally {
    await hand.close();
    await rm(cache, { recursive: true, force: true });
  }
}

async function keep(folder: string, to: string, outcome: Outcome): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await cp(folder, join(to, 'input'), { recursive: true });
  await writeFile(join(to, 'outcome.json'), `${JSON.stringify(outcome, null, 2)}\n`);
}
