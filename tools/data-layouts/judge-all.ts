import type { Expectation } from './expectation.ts';
import { judge, type Verdict } from './judge.ts';
import type { Observation } from './observation.ts';
import { readAll } from './pool.ts';
import type { CaseRequest } from './read-case.ts';
import type { BeforeOutcome } from './rows.ts';

/** One reading to be made and judged. */
export interface JudgedRequest {
  readonly name: string;
  /** What the data are, for people. */
  readonly input: string;
  readonly options?: string;
  /** What the field report found; absent for data that it does not have. */
  readonly before?: BeforeOutcome;
  /** Whose part of the work such data are. */
  readonly part?: string;
  readonly request: CaseRequest;
  readonly expectation: Expectation;
  /** The folder of all cases, which no output names. */
  readonly root: string;
}

export type Judged = JudgedRequest & Verdict & { readonly observed: Observation };

/**
 * Reads and judges every one, in the order given.
 * @param done told of each as it is finished
 */
export async function judgeAll(
  requests: readonly JudgedRequest[],
  done: (judged: Judged) => void = () => {},
): Promise<Judged[]> {
  const all: Judged[] = [];
  await readAll(
    requests.map(({ request }) => request),
    (index, observed) => {
      const one = requests[index]!;
      all[index] = { ...one, observed, ...judge(observed, one.expectation) };
      done(all[index]);
    },
  );
  return all;
}
