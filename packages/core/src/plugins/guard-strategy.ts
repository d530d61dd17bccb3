import { HEAD, type StageInfo } from '../network/head.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { phasesContract, strategyContract } from './contracts.ts';
import { guard } from './guard.ts';
import { pluginFailed, within, type Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/** A strategy whose plans keep the contract and train stages that are there. */
export function guardStrategy(strategy: Strategy, owner: Owner): Strategy {
  return guard(strategy, owner, {
    results: {
      plan(phases: readonly Phase[], [stages]: [readonly StageInfo[]]) {
        const problem = shapeProblem(phasesContract, phases) ?? trainableProblem(phases, stages);
        if (problem !== undefined) throw pluginFailed(owner, `plan gave phases that cannot be run: ${problem}.`);
        return phases.map((phase) => guardTerms(phase, owner));
      },
      withOptions(altered: Strategy, [options]: [string]) {
        const problem = shapeProblem(strategyContract, altered);
        if (problem !== undefined)
          throw pluginFailed(owner, `withOptions gave no strategy for "${options}": ${problem}.`);
        return guardStrategy(altered, { ...owner, part: `strategy "${altered.id}"` });
      },
    },
  });
}

/** A phase trains stages of the model, one at least. */
function trainableProblem(phases: readonly Phase[], stages: readonly StageInfo[]): string | undefined {
  const known = [...stages.map(({ name }) => name), HEAD];
  for (const { name, trainable } of phases) {
    const trained = Object.keys(trainable);
    if (trained.length === 0) return `the phase "${name}" trains no stage`;
    const lost = trained.find((stage) => !known.includes(stage));
    if (lost !== undefined)
      return `the phase "${name}" trains the stage "${lost}", which the model does not have: its stages are ${known.join(', ')}`;
  }
  return undefined;
}

/** The phase with what adds to its loss guarded: members that have functions. */
function guardTerms(phase: Phase, owner: Owner): Phase {
  const guardTerm = (term: unknown): unknown =>
    isTerm(term) ? guard(term, within(owner, 'loss term', String(term.name))) : term;
  const members = Object.entries(phase).map(([name, member]: [string, unknown]) => [
    name,
    Array.isArray(member) ? member.map(guardTerm) : guardTerm(member),
  ]);
  return Object.fromEntries(members) as typeof phase;
}

function isTerm(value: unknown): value is { readonly name: unknown } {
  if (typeof value !== 'object' || value === null || !('name' in value)) return false;
  return Object.values(value).some((member) => typeof member === 'function');
}
