import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain } from '../domains/source-domain.ts';
import { splitTarget } from '../domains/splits.ts';
import type { SplitName, TargetData } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { WEIGHTS_FILE } from '../models/card-schema.ts';
import { readModel } from '../models/model-directory.ts';
import { definePlugin, type Plugin } from '../plugins/plugin.ts';
import { eagerStep, type Backend } from '../ports/backend.ts';
import { withMembers } from '../network/with-members.ts';
import type { RunEvents } from '../runs/events.ts';
import type { TransferRequest, TransferResult } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { expectThat } from './rules.ts';
import { setUpAlone } from './set-up-alone.ts';
import { watchingSteps, type StepFault } from './watched-steps.ts';

/** A source, a task and data that fit one another, small enough to train on in a second. */
export interface SmallDomain {
  readonly source: SourceDomain;
  readonly task: Task;
  /** A few dozen samples; where they have no splits, half are trained on. */
  readonly target: TargetData;
  /** Plugins that the task or the source need beside them. */
  readonly plugins?: readonly Plugin[];
}

/** What a run came to. */
export interface TrialResult {
  readonly directory: string;
  readonly losses: readonly number[];
  readonly result: TransferResult;
}

const TARGET = 'conformance';
const SOURCE = 'conformance';
const STRATEGY = 'conformance';
const UNLABELLED = 'conformance-unlabelled';
/** What trains the model that a source-free strategy starts from. */
const PROBE = 'linear-probe';
const SETTINGS = { seed: 1, standalone: true } as const;
/** Steps of an epoch: so that a phase of one has some before an interruption and some after it. */
const STEPS = 3;

/** Small transfers of one source, task, strategy and target, each in a folder and with a cache of its own. */
export class TrialTransfers {
  readonly #root: string;
  readonly #target: TargetData;
  /** What steps of these transfers have done that a recording would not. */
  readonly stepFaults = new Set<StepFault>();
  #runs = 0;
  /** The folder of a model that a source-free strategy starts from. */
  #trained: Promise<string> | undefined;

  private constructor(
    root: string,
    private readonly backend: Backend,
    private readonly domain: SmallDomain,
    private readonly strategy: Strategy,
    private readonly more: Partial<TransferRequest>,
  ) {
    this.#root = root;
    this.#target = withSplits(domain.target);
  }

  static async open(
    backend: Backend,
    domain: SmallDomain,
    strategy: Strategy,
    more: Partial<TransferRequest> = {},
  ): Promise<TrialTransfers> {
    const root = await mkdtemp(join(tmpdir(), 'headstart-conformance-'));
    return new TrialTransfers(root, backend, domain, strategy, more);
  }

  /** The target, each sample in a split. */
  get target(): TargetData {
    return this.#target;
  }

  /** Whether the backend records steps and replays them. */
  get captures(): boolean {
    return this.backend.compile !== eagerStep;
  }

  /** A new composition, as a process makes one. */
  compose(backend: Backend = this.backend): Promise<Headstart> {
    const { source, task, plugins = [] } = this.domain;
    const brought = setUpAlone(plugins);
    const kit = definePlugin({
      name: 'conformance-kit',
      version: '1.0.0',
      headstart: '*',
      setup: ({ sources, tasks, strategies, datasets }) => {
        sources.add(renamed(source, SOURCE));
        if (!brought.tasks.find(task.id)) tasks.add(task);
        strategies.add(renamed(this.strategy, STRATEGY));
        datasets.add(datasetOf(TARGET, task.id, this.#target));
        datasets.add(datasetOf(UNLABELLED, task.id, ofAnotherDomain(this.#target)));
      },
    });
    const cacheRoot = join(this.#root, `cache-${this.#runs++}`);
    const watched = watchingSteps(backend, this.stepFaults);
    return createHeadstart({ backend: watched, cacheRoot, plugins: [...plugins, kit()] });
  }

  /** Trains from beginning to end; from another source where one is named. */
  async whole(options: { backend?: Backend; events?: Partial<RunEvents>; source?: string } = {}): Promise<TrialResult> {
    const headstart = await this.compose(options.backend);
    const losses: number[] = [];
    const { source } = options;
    const request = await this.#request(headstart);
    const result = await headstart.train(
      { ...request, ...(source !== undefined && { source }) },
      { events: noting(losses, options.events) },
    );
    return { directory: result.model, losses, result };
  }

  /** Trains with an interruption after the second step of every phase, each time going on in a new composition. */
  async inPieces(): Promise<TrialResult> {
    const request = await this.#request(await this.compose());
    const interrupted = new Set<number>();
    for (;;) {
      const headstart = await this.compose();
      const stop = new AbortController();
      let phase = 0;
      let steps = 0;
      const events: Partial<RunEvents> = {
        phaseStart: ({ index }) => {
          phase = index;
          steps = 0;
        },
        step: () => {
          if (interrupted.has(phase) || ++steps < 2) return;
          interrupted.add(phase);
          stop.abort();
        },
      };
      const options = { events, signal: stop.signal };
      const resumes = interrupted.size > 0;
      try {
        const result = await (resumes ? headstart.resume(request.out!, options) : headstart.train(request, options));
        expectThat(resumes, 'no phase has two steps: give more samples');
        return { directory: result.model, losses: [], result };
      } catch (error) {
        if (!(HeadstartError.is(error) && error.code === 'interrupted' && stop.signal.aborted)) throw error;
      }
    }
  }

  /** Trains with every step run op by op. */
  eagerly(): Promise<TrialResult> {
    return this.whole({ backend: Object.create(this.backend, { compile: { value: eagerStep } }) as Backend });
  }

  close(): Promise<void> {
    return rm(this.#root, { recursive: true, force: true });
  }

  async #request(headstart: Headstart): Promise<TransferRequest> {
    const { task } = this.domain;
    const { samples } = this.#target;
    const { sourceFree } = this.strategy;
    const each = sourceFree ? samples.length : samples.filter(({ split }) => split === 'train').length;
    const whole: TransferRequest = {
      ...SETTINGS,
      target: TARGET,
      source: SOURCE,
      task: task.id,
      strategy: STRATEGY,
      epochs: 2,
      batchSize: Math.max(1, Math.ceil(each / STEPS)),
      out: join(this.#root, `run-${this.#runs++}`),
      ...this.more,
    };
    if (!sourceFree) return whole;
    this.#trained ??= headstart
      .train({ ...whole, strategy: PROBE, out: join(this.#root, 'trained') })
      .then(({ model }) => model);
    return { ...whole, target: UNLABELLED, source: `model:${await this.#trained}` };
  }
}

/** The request's setting by which a run has unlabelled samples. */
export const withUnlabelled: Partial<TransferRequest> = { adapt: UNLABELLED };

/** The values of a model's file of weights, by their names there. */
export async function weightsOf({ directory }: TrialResult): Promise<Map<string, Float32Array>> {
  const { weights } = await readModel(directory);
  return new Map([...weights].map(([name, { data }]) => [name, data]));
}

/** @throws Error where two runs gave models whose weights differ in a bit */
export async function expectSameWeights(a: TrialResult, b: TrialResult, how: string): Promise<void> {
  const [first, second] = await Promise.all([a, b].map(({ directory }) => readFile(join(directory, WEIGHTS_FILE))));
  if (first!.equals(second!)) return;
  const [expected, found] = [await weightsOf(a), await weightsOf(b)];
  const differing = [...expected].filter(([name, values]) => values.some((value, i) => value !== found.get(name)?.[i]));
  throw new Error(`${how} gives other weights: ${differing.map(([name]) => name).join(', ') || 'by other names'}`);
}

/** @throws Error where two runs gave models whose weights differ by more than rounding */
export async function expectNearWeights(a: TrialResult, b: TrialResult, how: string): Promise<void> {
  // Kernels that are fused round otherwise; some dozen steps of an optimiser carry that on, far below this.
  const TOLERANCE = 1e-3;
  const found = await weightsOf(b);
  for (const [name, values] of await weightsOf(a)) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const furthest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - found.get(name)![i]!)), 0);
    expectThat(furthest <= TOLERANCE * scale, `${how} gives another ${name}: ${furthest} away at a scale of ${scale}`);
  }
}

/** Under an id of the kit's own: a plugin may bring one of the same, and a scheme's have addresses. */
function renamed<T extends { readonly id: string }>(thing: T, id: string): T {
  return Object.create(thing, { id: { value: id, enumerable: true } }) as T;
}

function noting(losses: number[], more: Partial<RunEvents> = {}): Partial<RunEvents> {
  return { ...more, step: ({ loss }) => void losses.push(loss) };
}

function datasetOf(id: string, task: string, target: TargetData): RegisteredDataset {
  const { modality } = target;
  const load = async () => ({ ...target, id });
  return { id, modality, task, description: 'What a check was given', licence: 'its own', load };
}

/** The same samples under other digests, as if they were others. */
function ofAnotherDomain(data: TargetData): TargetData {
  const other = ({ sample, ...rest }: TargetData['samples'][number]) => {
    const digest = createHash('sha256').update(`unlabelled ${sample.digest}`).digest('hex');
    return { ...rest, sample: withMembers(sample, { digest }) };
  };
  return { ...data, samples: data.samples.map(other) };
}

/** The data with every sample in a split: half are trained on. */
export function withSplits(data: TargetData): TargetData {
  if (data.samples.some(({ split }) => split !== undefined))
    return { ...data, samples: data.samples.map(({ sample, split = 'train' }) => ({ sample, split })) };
  const { splits } = splitTarget(data, { shares: [50, 25, 25], seed: 0 });
  const samples = (Object.entries(splits) as [SplitName, (typeof splits)[SplitName]][]).flatMap(([split, dataset]) =>
    Array.from({ length: dataset.length }, (_, i) => ({ sample: dataset.get(i), split })),
  );
  return { ...data, samples };
}
