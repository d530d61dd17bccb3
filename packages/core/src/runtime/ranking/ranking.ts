import type { Score } from '../../options/scores.ts';
import type { TransferOptions } from '../../options/transfer-options.ts';
import type { PrepareRequest } from '../prepare-target.ts';

/** Which sources are ranked for which data, and how. */
export type RankRequest = PrepareRequest &
  Pick<TransferOptions, 'seed' | 'split' | 'groupBy'> & {
    /** What they are ranked by; the accuracy of a cross-validated linear probe where absent. */
    readonly score?: Score;
    /** Ids of the sources; every registered one that reads such data where absent. */
    readonly sources?: readonly string[];
    /** Most training samples to score on, drawn by class; 300 where absent. */
    readonly samples?: number;
  };

/** A layer of a source, and how well it suits the target. */
export interface RankedCandidate {
  readonly source: string;
  /** The name of the feature; maps are averaged over their cells. */
  readonly layer: string;
  /** Whether it is the source's last feature, which heads are put on. */
  readonly last: boolean;
  /** Numbers per sample. */
  readonly width: number;
  /** Of the whole source, where its card says. */
  readonly parameters?: number;
  /** The score that was asked for; larger is better. */
  readonly score: number;
  /** Leave-one-out accuracy of the nearest neighbour, the baseline. */
  readonly nearestNeighbour: number;
  /** What the score took, without the features. */
  readonly seconds: number;
}

/** What a source took until its features were there. */
export interface RankedSource {
  readonly source: string;
  /** To open it. */
  readonly opening: number;
  /** To compute and to read the features. */
  readonly features: number;
  /** Samples whose features were kept before. */
  readonly reused: number;
  readonly computed: number;
}

/** A source that has no place in the ranking, and why. */
export interface RefusedSource {
  readonly source: string;
  readonly code: string;
  readonly reason: string;
}

/** Sources and their layers in the order in which they suit a target. */
export interface SourceRanking {
  readonly target: string;
  readonly task: string;
  readonly score: Score;
  /** Training samples that were scored on. */
  readonly samples: number;
  readonly classes: number;
  /** The best one first. */
  readonly candidates: readonly RankedCandidate[];
  /** What two ways without a score would choose: the source with most parameters, and the nearest neighbour. */
  readonly baselines: {
    readonly size?: { readonly source: string; readonly layer: string };
    readonly nearestNeighbour: { readonly source: string; readonly layer: string };
  };
  readonly sources: readonly RankedSource[];
  readonly refused: readonly RefusedSource[];
  /** Of the whole, and of it what comes after the features are there. */
  readonly seconds: { readonly total: number; readonly scoring: number };
}
