import type { RunContext, RunEvents } from '@headstart/core';
import type { Parameter, TrackedRun } from './tracker.ts';

type RunInfo = RunContext['run'];
type Started = Parameters<RunEvents['runStart']>[0];

/** What trackers are told of a run when it starts. */
export function factsOf(run: RunInfo, { samples, labels, resumed }: Started): TrackedRun {
  const sizes = Object.entries(samples).map(([split, size]) => [`samples.${split}`, size] as const);
  const asked = Object.entries(run.request)
    .filter(([name]) => name !== 'out')
    .flatMap(([name, value]) => parameters(name, value));
  return {
    runId: run.runId,
    parameters: Object.fromEntries([...asked, ...sizes, ['classes', labels.length]]),
    coordinates: coordinatesOf(run),
    resumed,
  };
}

function coordinatesOf({ request, tests }: RunInfo): Record<string, string> {
  const { source, target, adapt, strategy, shots, seed, task } = request;
  const found = { task, source, train: target, adapt, test: tests?.join(', '), strategy, shots, seed };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** An option's value as parameters: one for each name of a record, one for a whole list, none for what is absent. */
function parameters(name: string, value: unknown): (readonly [string, Parameter])[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
  if (Array.isArray(value)) return value.length === 0 ? [] : [[name, value.join('/')]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, of]) => parameters(`${name}.${key}`, of));
}
