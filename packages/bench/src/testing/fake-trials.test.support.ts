import { setTimeout as sleep } from 'node:timers/promises';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart, TransferPlan } from '@headstart/core';
import type {
  EvidenceFormat,
  TrialEnd,
  TrialIdentity,
  TrialOptions,
  TrialRequest,
  TrialResult,
  TrialSession,
} from '@headstart/core/trials';
import { canonicalJson } from '../records/canonical-json.ts';
import { cellIdentity, sha256 } from '../records/record-digest.ts';

const LABELS = ['cat', 'dog'];
const ITEMS = 20;

/** What a fake session does otherwise than well. */
export interface Script {
  /** Fails trials that it names an error for. */
  fail?(trial: TrialRequest): HeadstartError | undefined;
  /** Refuses to plan trials that it names an error for. */
  refuse?(trial: TrialRequest): HeadstartError | undefined;
  /** Milliseconds that a trial takes. */
  readonly pause?: number;
  /** Whether seeds are stacked. */
  readonly stacks?: boolean;
  /** On how many threads it says it computes: last digits depend on them. */
  readonly threads?: number;
}

/** What a last digit counts. */
const DIGIT = 2 ** -22;

/** Trials that are never trained: what they come to follows from their identity, as it does with real ones. */
export class FakeTrials implements TrialSession {
  readonly ran: TrialRequest[] = [];
  readonly planned: TrialRequest[] = [];
  readonly #features = new Set<string>();

  constructor(private readonly script: Script = {}) {}

  identify({ transfer, tests }: TrialRequest): Promise<TrialIdentity> {
    const { source = '', target, adapt, ...rest } = transfer;
    return Promise.resolve({
      transfer: { ...rest, source, task: 'fake-classification' },
      source: sha256(source),
      train: sha256(target),
      ...(adapt !== undefined && { adapt: sha256(adapt) }),
      tests: tests.map((test) => sha256(canonicalJson(test))),
      code: { core: '1', backend: 'fake' },
    });
  }

  plan(trial: TrialRequest): Promise<TransferPlan> {
    this.planned.push(trial);
    const error = this.script.refuse?.(trial);
    if (error) return Promise.reject(error);
    const train = 2 * Math.min(trial.transfer.shots ?? 50, 50);
    const plan: Partial<TransferPlan> = { samples: { train }, labels: LABELS };
    return Promise.resolve(plan as TransferPlan);
  }

  stackKey({ transfer: { seed: _, ...rest } }: TrialRequest): Promise<string | undefined> {
    return Promise.resolve(this.script.stacks ? canonicalJson(rest) : undefined);
  }

  run(trial: TrialRequest, options?: TrialOptions): Promise<TrialResult> {
    return this.#run(trial, 0, options);
  }

  /** @param otherwise by how much its last digits differ from those that it has by itself */
  async #run(trial: TrialRequest, otherwise: number, { signal }: TrialOptions = {}): Promise<TrialResult> {
    const { threads = 1 } = this.script;
    this.ran.push(trial);
    if (signal?.aborted) throw interrupted();
    if (this.script.pause !== undefined)
      await sleep(this.script.pause, undefined, { signal }).catch(() => {
        throw interrupted();
      });
    const error = this.script.fail?.(trial);
    if (error) throw error;
    const identity = await this.identify(trial);
    return {
      identity,
      choices: [{ what: 'epochs', value: '1', why: 'fake' }],
      warnings: [],
      samples: { train: 40 },
      outcomes: trial.tests.map(({ target }, i) => {
        const draws = drawsOf(cellIdentity(identity, i));
        const right = draws.filter((draw) => draw > 0.3).length;
        const ids = draws.map((_, item) => `${target}/${item}`);
        return {
          target,
          split: 'test',
          samples: ITEMS,
          metrics: { accuracy: right / ITEMS },
          intervals: { accuracy: [0, 1] },
          ids,
          digests: ids.map(sha256),
          trainedOn: 0,
          items: {
            kind: 'classification',
            shared: { labels: LABELS },
            columns: [
              { name: 'truth', type: 'int32', values: draws.map(() => 0) },
              {
                name: 'probabilities',
                type: 'float32[]',
                values: draws.map((draw) => {
                  const first = Math.fround((draw > 0.3 ? 0.75 : 0.25) + (otherwise + threads) * DIGIT);
                  return [first, 1 - first];
                }),
              },
            ],
          },
        };
      }),
      history: [{ phase: 'probe', epoch: 1, epochs: 1, loss: 0.5, learningRate: 0.1, seconds: 0.1 }],
      features: this.#countFeatures(trial),
      seconds: { total: 0.4, features: 0.1, training: 0.2, evaluation: 0.1 },
      memory: 2 ** 20,
      together: 1,
      environment: { threads: String(threads) },
    };
  }

  runTogether(trials: readonly TrialRequest[], options?: TrialOptions): Promise<readonly TrialEnd[]> {
    return Promise.all(
      trials.map(async (trial, place): Promise<TrialEnd> => {
        try {
          return {
            result: { ...(await this.#run(trial, 1 + trials.length + place, options)), together: trials.length },
          };
        } catch (error) {
          return { error: error as HeadstartError };
        }
      }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Features of a domain are computed once by each source. */
  #countFeatures({ transfer, tests }: TrialRequest): { computed: number; reused: number } {
    const keys = [transfer.target, ...tests.map(({ target }) => target)].map((each) => `${transfer.source} ${each}`);
    const computed = keys.filter((key) => !this.#features.has(key)).length;
    for (const key of keys) this.#features.add(key);
    return { computed: computed * ITEMS, reused: (keys.length - computed) * ITEMS };
  }
}

function interrupted(): HeadstartError {
  return new HeadstartError({ code: 'interrupted', message: 'The trial was interrupted.', hint: '' });
}

/** Numbers between 0 and 1 that follow from a value. */
function drawsOf(value: unknown): number[] {
  const digest = Buffer.from(sha256(canonicalJson(value)) + sha256(`more ${canonicalJson(value)}`), 'hex');
  return Array.from({ length: ITEMS }, (_, i) => digest[i]! / 256);
}

/** Accuracy of two classes: what is measured of fake predictions is what the fake trial reported. */
const fakeFormat: EvidenceFormat<'classification'> = {
  kind: 'classification',
  write: () => ({ shared: {}, columns: [] }),
  read({ columns }) {
    const column = (name: string) => columns.find((each) => each.name === name)!.values;
    return {
      labels: LABELS,
      probabilities: Float32Array.from((column('probabilities') as number[][]).flat()),
      truth: Int32Array.from(column('truth') as number[]),
    };
  },
  measure: (evidence) => ({ accuracy: { value: mean(fakeFormat.scores(evidence)) } }),
  scores: ({ probabilities, truth }) =>
    Float64Array.from(truth, (label, i) => (probabilities[2 * i + label]! > 0.5 ? 1 : 0)),
};

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A system whose trials are fake. */
export function fakeBenchHeadstart(session: FakeTrials, device: 'cpu' | 'gpu' = 'cpu'): Headstart {
  const fake = {
    backend: { device },
    sources: () => ['net', 'other'].map((id) => ({ plugin: 'fake', value: { id } })),
    sourceSchemes: () => [],
    readers: () => [],
    datasets: () => ['a', 'b', 'c'].map((id) => ({ plugin: 'fake', value: { id } })),
    offers: () => [],
    evidenceFormats: () => [{ plugin: 'fake', value: fakeFormat }],
    tasks: () => [
      { plugin: 'fake', value: { id: 'fake-classification', monitor: { metric: 'accuracy', mode: 'max' } } },
    ],
    metrics: () => [{ plugin: 'fake', value: { id: 'accuracy', kind: 'classification' } }],
    strategies: () => [
      ...['linear-probe', 'fine-tune', 'lp-ft'].map((id) => ({ plugin: 'fake', value: { id, start: 'source' } })),
      { plugin: 'fake', value: { id: 'from-scratch', start: 'random' } },
    ],
    trials: () => session,
  };
  return fake as unknown as Headstart;
}
