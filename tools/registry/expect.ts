import type { Outcome } from './run-program.ts';

/** Asserts what a scenario expects. @throws Error naming it */
export function expect(holds: boolean, expectation: string, outcome?: Outcome): asserts holds {
  if (holds) return;
  const said = outcome && `\n${outcome.line}\nended with ${outcome.status}:\n${outcome.stdout}${outcome.stderr}`;
  throw new Error(`Expected: ${expectation}${said ?? ''}`);
}
