import { HEAD, type StageInfo } from '../network/head.ts';
import { withMembers } from '../network/with-members.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { phasesContract, strategyContract } from './contracts.ts';
import { guard } from './guard.ts';
import { pluginFailed, within, type Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/** A strategy whose plans keep the contract and train stages that are there. */
export function guardStrategy(strategy: Strategy, owner: Owner): Strategy {
  const guardTerms = termGuard(owner);
  return guard(strategy, owner, {
    results: {
      plan(phases: readonly Phase[], [stages]: [readonly StageInfo[]]) {
        const problem = shapeProblem(phasesContract, phases) ?? trainableProblem(phases, stages);
        if (problem !== undefined) throw pluginFailed(owner, `plan gave phases that cannot be run: ${problem}.`);
        return phases.map(guardTerms);
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

/**
 * Guards the members of phases that have functions: loss terms, derived targets. One that stands in several phases
 * stays one.
 */
function termGuard(owner: Owner): (phase: Phase) => Phase {
  const guarded = new WeakMap<object, unknown>();
  const guardTerm = (member: unknown, name: string): unknown => {
    if (!hasFunctions(member)) return member;
    const term = 'name' in member ? within(owner, 'loss term', String(member.name)) : within(owner, 'member', name);
    if (!guarded.has(member)) guarded.set(member, guard(member, term));
    return guarded.get(member);
  };
  return (phase) => {
    const members = Object.entries(withMembers(phase, {})).map(([name, member]: [string, unknown]) => [
      name,
      Array.isArray(member) ? member.map((each) => guardTerm(each, name)) : guardTerm(member, name),
    ]);
    return Object.fromEntries(members) as typeof phase;
  };
}

function hasFunctions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return 'value' in value || Object.values(value).some((member) => typeof member === 'function');
}
