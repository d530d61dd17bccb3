import type { DependencyContainer } from 'tsyringe';
import type { TransferPlan } from '../../runs/plan.ts';
import type {
  TrialEnd,
  TrialIdentity,
  TrialOptions,
  TrialRequest,
  TrialResult,
  TrialSession,
} from '../../runs/trial.ts';
import { describePlan } from '../describe-plan.ts';
import { Lifetime } from '../lifetime.ts';
import { remembering } from '../memo.ts';
import type { ModelServices } from '../trained-model.ts';
import { identifyTrial } from './identify-trial.ts';
import { OpenSources } from './open-sources.ts';
import { planTrial } from './plan-trial.ts';
import { runTogether } from './run-together.ts';
import { runTrial, type TrialParts } from './run-trial.ts';
import { stackKeyOfPlanned } from './stack-key.ts';
import type { ReadyTrial } from './trial-result.ts';

/** Trials of one composition, which share what was read and the source that is open. */
export class Trials implements TrialSession {
  readonly #memo = remembering();
  readonly #sources = new OpenSources();
  readonly #identities = remembering();
  readonly #lifetime: Lifetime;

  constructor(
    private readonly container: DependencyContainer,
    private readonly services: () => ModelServices,
    system: Lifetime,
  ) {
    this.#lifetime = new Lifetime('The session of trials has been closed', system);
  }

  identify(trial: TrialRequest): Promise<TrialIdentity> {
    return this.#lifetime.use(() =>
      this.#identities([trial], async () => identifyTrial(this.#kept(), await planTrial(this.#kept(), trial))),
    );
  }

  plan(trial: TrialRequest): Promise<TransferPlan> {
    return this.#lifetime.use(() => this.#plan(trial));
  }

  async #plan(trial: TrialRequest): Promise<TransferPlan> {
    const services = this.#kept();
    const { planned } = await planTrial(services, trial);
    const lease = this.#sources.lease(planned.transfer.source);
    lease.unaltered();
    const transfer = { ...planned.transfer, source: lease.source };
    return describePlan({ ...planned, transfer }, services, undefined);
  }

  stackKey(trial: TrialRequest): Promise<string | undefined> {
    return this.#lifetime.use(async () => {
      const services = this.#kept();
      const { planned } = await planTrial(services, trial);
      return stackKeyOfPlanned(services, this.#sources, planned);
    });
  }

  run(trial: TrialRequest, { signal = new AbortController().signal }: TrialOptions = {}): Promise<TrialResult> {
    return this.#lifetime.use(async () => runTrial(this.#parts(), await this.#ready(trial), signal));
  }

  runTogether(
    trials: readonly TrialRequest[],
    { signal = new AbortController().signal }: TrialOptions = {},
  ): Promise<readonly TrialEnd[]> {
    const plans = trials.map((trial) => () => this.#ready(trial));
    return this.#lifetime.use(() => runTogether(this.#parts(), this.#kept(), plans, signal));
  }

  close(): Promise<void> {
    return this.#lifetime.end(() => this.#sources.close());
  }

  async #ready(trial: TrialRequest): Promise<ReadyTrial> {
    const begun = performance.now();
    const services = this.#kept();
    const planned = await planTrial(services, trial);
    return { ...planned, request: trial, identity: await identifyTrial(services, planned), begun };
  }

  #parts(): TrialParts {
    return { container: this.container, registries: this.services().registries, sources: this.#sources };
  }

  /** The services, with what this session has read. */
  #kept() {
    return { ...this.services(), memo: this.#memo };
  }
}
