import { freemem } from 'node:os';
import type { RecordStore } from '../records/record-store.ts';
import type { Workforce } from './execute.ts';
import { ProcessHand, type StartWorker } from './process-hand.ts';
import type { Hand } from './work.ts';

/** One hand in this process. */
export function inThisProcess(hand: Hand): Workforce {
  return { hire: () => hand, size: () => 1, close: () => hand.close() };
}

export interface ProcessesOptions {
  readonly start: StartWorker;
  readonly store: RecordStore;
  /** How many are wanted. */
  readonly workers: number;
  /** Told once where memory allows fewer. */
  readonly fewer?: (workers: number, memory: number) => void;
  /** Bytes that new processes may take. */
  readonly free?: () => number;
}

/** Processes beside this one: one until it has shown what memory it takes, then as many as are wanted and have room. */
export function processes({ start, store, workers, fewer, free = freeMemory }: ProcessesOptions): Workforce {
  const hands: Hand[] = [];
  let allowed: number | undefined;
  return {
    hire() {
      const hand = new ProcessHand(start, store);
      hands.push(hand);
      return hand;
    },
    size(memory) {
      if (memory === undefined) return 1;
      if (allowed === undefined) {
        allowed = Math.min(workers, 1 + Math.floor(free() / memory));
        if (allowed < workers) fewer?.(allowed, memory);
      }
      return allowed;
    },
    async close() {
      await Promise.all(hands.map((hand) => hand.close()));
    },
  };
}

/** What the system, or the container that this runs in, can still give. */
function freeMemory(): number {
  return process.availableMemory?.() ?? freemem();
}
