import type { ScoredCell } from '@headstart/bench';
import { RandomStream } from '@headstart/core';

/** A benchmark of methods whose true difference is known, as real ones come about: item by item. */
export interface Simulation {
  readonly domains: number;
  readonly strategies: number;
  readonly seeds: number;
  /** Test items of a domain. */
  readonly items: number;
  /** Share of trainings that come to nothing, of every strategy alike. */
  readonly collapse?: number;
  /** Share of trainings that come to the very model of the baseline. */
  readonly copies?: number;
  /** Each seed draws its test items from so many; and strategies that are equal over all data suit each item differently. */
  readonly resampledFrom?: number;
  /** By how much the last strategy is better, in deviations of a logit; about 0.04 of accuracy for 0.25. */
  readonly lead?: number;
}

export const strategyName = (index: number): string => `strategy-${index}`;

// Deviations of what makes an item right: how hard it is, the data that all strategies share in a seed, and each training.
const ITEM = 1.5;
const SEED = 0.15;
const ITEM_IN_SEED = 0.7;
const TRAINING = 0.1;
const ITEM_IN_TRAINING = 0.7;
const ITEM_UNDER_STRATEGY = 0.7;
/** Right are four in five. */
const ABILITY = 1.55;

/**
 * The cells of a benchmark. An item is right where ability and its own ease, what all strategies share in a seed (the samples
 * drawn), and what is of one training only come to more than nothing: scores of one seed are correlated between strategies,
 * and those of one test between seeds.
 */
export function simulatedCells(simulation: Simulation, random: RandomStream): ScoredCell[] {
  const cells: ScoredCell[] = [];
  for (let domain = 0; domain < simulation.domains; domain++) {
    for (const [strategy, accuracies] of domainAccuracies(simulation, random).entries()) {
      for (const [seed, accuracy] of accuracies.entries())
        cells.push(cellOf(simulation, { domain, strategy, seed }, accuracy));
    }
  }
  return cells;
}

function domainAccuracies(simulation: Simulation, random: RandomStream): readonly (readonly number[])[] {
  const { strategies, seeds, items, collapse = 0, copies = 0, resampledFrom, lead = 0 } = simulation;
  const whole = resampledFrom ?? items;
  const normals = (count: number, deviation: number) =>
    Float64Array.from({ length: count }, () => deviation * random.normal());
  const ease = normals(whole, ITEM);
  const suits = Array.from({ length: strategies }, () => normals(whole, resampledFrom ? ITEM_UNDER_STRATEGY : 0));
  const accuracies: number[][] = suits.map(() => []);
  for (let seed = 0; seed < seeds; seed++) {
    const tested = resampledFrom ? random.permutation(whole).subarray(0, items) : Uint32Array.from(ease.keys());
    const shift = SEED * random.normal();
    const shared = normals(whole, ITEM_IN_SEED);
    for (let strategy = 0; strategy < strategies; strategy++) {
      if (strategy > 0 && random.next() < copies) {
        accuracies[strategy]!.push(accuracies[0]![seed]!);
        continue;
      }
      const better = strategy === strategies - 1 ? lead : 0;
      const ability = ABILITY + better + shift + TRAINING * random.normal() - (random.next() < collapse ? 2 : 0);
      let right = 0;
      for (const i of tested) {
        const own = ITEM_IN_TRAINING * random.normal();
        if (ability + ease[i]! + suits[strategy]![i]! + shared[i]! + own > 0) right++;
      }
      accuracies[strategy]!.push(right / items);
    }
  }
  return accuracies;
}

function cellOf(
  { items, resampledFrom }: Simulation,
  { domain, strategy, seed }: { domain: number; strategy: number; seed: number },
  accuracy: number,
): ScoredCell {
  const name = `domain-${domain}`;
  return {
    coordinates: {
      source: 'source',
      train: name,
      adapt: null,
      test: name,
      strategy: strategyName(strategy),
      shots: 'all',
      seed,
    },
    task: 'simulated',
    state: 'done',
    metrics: { accuracy },
    history: [],
    ...(resampledFrom ? { resampled: { test: items, train: resampledFrom - items } } : {}),
  };
}

/** Scores without items: normal around means that lie exactly `difference` apart, with a spread of `deviation` in each. */
export function normalCells(
  { domains, strategies, seeds }: Simulation,
  { difference, deviation }: { readonly difference: number; readonly deviation: number },
  random: RandomStream,
): ScoredCell[] {
  const cells: ScoredCell[] = [];
  for (let domain = 0; domain < domains; domain++) {
    for (let strategy = 0; strategy < strategies; strategy++) {
      for (let seed = 0; seed < seeds; seed++) {
        const score = 0.8 + (strategy > 0 ? difference : 0) + deviation * random.normal();
        cells.push(cellOf({ domains, strategies, seeds, items: 1 }, { domain, strategy, seed }, score));
      }
    }
  }
  return cells;
}
