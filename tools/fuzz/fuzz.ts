import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILIES } from './families.ts';
import type { Outcome } from './family.ts';
import { Hand, type Limits, type Result } from './hand.ts';
import { filesIn } from './seeds.ts';
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
  /** What children run, in place of what reads the families. */
  readonly script?: string;
}

/** An input that was read. */
interface Read {
  readonly family: string;
  readonly seed: number;
  readonly folder: string;
  readonly result: Result;
}

/** Reads inputs of the families in turn, the first of the seed given, each next one of the next. */
export async function fuzz({ families, seed, inputs, minutes, jobs, kept, failed, script }: Fuzzing): Promise<Tally> {
  const tally = new Tally();
  const end = performance.now() + minutes * 60_000;
  const root = await mkdtemp(join(tmpdir(), 'headstart-fuzz-'));
  let next = 0;
  const work = async (job: number): Promise<void> => {
    const hand = new Hand(join(root, `cache-${job}`), LIMITS, script);
    // An input's outcome is settled once the next one is being read: until then its child may still end because of it.
    let last: Read | undefined;
    const settle = async (late: Outcome | undefined): Promise<void> => {
      if (!last) return;
      const { family, seed: its, folder, result } = last;
      const outcome = isFault(result.outcome) ? result.outcome : (late ?? result.outcome);
      tally.add(family, { ...result, outcome });
      if (!isFault(outcome)) return;
      failed(family, its, outcome);
      await keep(folder, join(kept, `${family}-${its}`), outcome);
    };
    try {
      for (let i = next++, turn = 0; i < inputs && performance.now() < end; i = next++, turn = 1 - turn) {
        const [family, its] = [families[i % families.length]!, seed + i];
        const folder = join(root, `input-${job}-${turn}`);
        const { before, ...result } = await hand.ask({ family, seed: its, folder });
        await settle(before);
        last = { family, seed: its, folder, result };
      }
      await settle(hand.lateEnd());
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

/**
 * Reads the inputs that lie in folders.
 * @throws Error before anything is read, where one of them has no input of the family
 */
export async function replay(
  family: string,
  folders: readonly string[],
  told: (folder: string, outcome: Outcome) => void,
): Promise<void> {
  const { needs = [] } = FAMILIES.find(({ name }) => name === family)!;
  for (const folder of folders) {
    const there = [...(await filesIn(folder).catch(() => new Map<string, Buffer>())).keys()];
    const missing = needs.find((name) => !there.includes(name)) ?? (there.length === 0 ? 'any file' : undefined);
    if (missing !== undefined) throw new Error(`${folder} has no input of the family ${family}: it lacks ${missing}.`);
  }
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
  // Nothing is there where making the input failed.
  await cp(folder, join(to, 'input'), { recursive: true }).catch(() => {});
  await writeFile(join(to, 'outcome.json'), `${JSON.stringify(outcome, null, 2)}\n`);
}
