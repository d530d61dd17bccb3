import type { ErrorCode } from '@headstart/artifacts/errors';
import type { ResolvedChoice } from '@headstart/core';
import type { BenchRecord, Coordinates } from '../records/bench-record.ts';
import type { Gain } from '../gains/gain.ts';
import type { Ranking } from '../statistics/rankings.ts';
import type { Verdict } from '../statistics/verdict.ts';

/** Where a cell stands in the matrix, its seeds together. */
export type CellPlace = Omit<Coordinates, 'seed'>;

/** Everything that a report shows. Its views are functions of it alone, on the machine that writes the page and in the page. */
export interface ReportData {
  readonly name: string;
  /** Intervals hold 1 - alpha. */
  readonly alpha: number;
  readonly delta: number;
  /** The strategy that the others are compared with. */
  readonly baseline: string;
  /** Runs that the matrix has, those refused included. */
  readonly planned: number;
  readonly cells: readonly ReportCell[];
  readonly refused: readonly RefusedRun[];
  readonly verdicts: readonly Verdict[];
  readonly rankings: readonly Ranking[];
  readonly gains: readonly Gain[];
  readonly samples: readonly ReportSample[];
  /** Domains whose samples are named and not shown, each with the reason. */
  readonly withheld: readonly { readonly domain: string; readonly why: string }[];
}

/** Runs that differ by their seed alone. */
export interface ReportCell extends CellPlace {
  /** What the page's address calls it. */
  readonly key: string;
  readonly task: string;
  /** The number that verdicts are about. */
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  /** Of the seeds that were done; null where none was. */
  readonly mean: number | null;
  /** Student's t over the seeds; null of fewer than two. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly runs: readonly ReportRun[];
  readonly worst: readonly WorstItem[];
}

/** One record. */
export interface ReportRun {
  readonly seed: number;
  readonly state: BenchRecord['state'];
  readonly value: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  /** The cell's metric on the training samples. */
  readonly training: number | null;
  readonly samples: Readonly<Record<string, number>>;
  readonly history: ReportHistory;
  readonly choices: readonly ResolvedChoice[];
  readonly warnings: readonly string[];
  readonly error?: BenchRecord['error'];
  readonly record: string;
  readonly digest: string;
  readonly predictions?: string;
  /** Digests and versions that determine the run, by what they are of. */
  readonly identity: Readonly<Record<string, string>>;
  readonly seconds: BenchRecord['measured']['seconds'];
  readonly memory: number;
  readonly together: number;
}

/** Epochs of all phases, one after another; numbers to three digits, as fine as they are drawn. */
export interface ReportHistory {
  /** Each phase's name and how many epochs it ran. */
  readonly phases: readonly (readonly [name: string, epochs: number])[];
  readonly loss: readonly number[];
  /** The cell's metric on the validation split; null where there is none. */
  readonly validation: readonly (number | null)[];
}

/** An item that a cell's seeds get wrong most. */
export interface WorstItem {
  readonly id: string;
  readonly digest: string;
  readonly truth: string;
  /** What each seed said, in the order of the seeds, equal ones once. */
  readonly predicted: string;
  /** How right it was, from 0 to 1, over the seeds. */
  readonly score: number;
}

/** What people see of an item; by its digest, so that domains which share one hold it once. */
export interface ReportSample {
  readonly digest: string;
  readonly texts?: readonly string[];
  /** A data address. */
  readonly picture?: string;
}

export interface RefusedRun extends Coordinates {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
