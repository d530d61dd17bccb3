import type { RunEnd, TrackedRun } from '../runs/tracker.ts';
import { MetricQueue } from './metric-queue.ts';
import type { MlflowServer } from './mlflow-server.ts';

/** What log-batch takes at once, and how long its texts may be on servers of any age. */
const METRICS = 1000;
const PARAMETERS = 100;
const LONGEST_VALUE = 500;

/** How many metrics wait for a server that does not answer. */
const WAITING = 50_000;

const RUN_ID = 'headstart.run_id';
const STATUS = { finished: 'FINISHED', failed: 'FAILED', interrupted: 'KILLED' } as const;

interface RunAnswer {
  readonly run: { readonly info: { readonly run_id: string } };
}

/** A run of ours on the server: what is to be told of it, and is told in order. */
export class MlflowRun {
  readonly metrics = new MetricQueue(WAITING);
  #id: string | undefined;
  #tried = false;
  #parameters: { key: string; value: string }[];
  #end: (RunEnd & { readonly time: number }) | undefined;
  readonly #started = Date.now();

  constructor(
    private readonly server: MlflowServer,
    private readonly experiment: () => Promise<string>,
    private readonly run: TrackedRun,
  ) {
    this.#parameters = Object.entries(run.parameters).map(([key, value]) => ({ key, value: short(String(value)) }));
  }

  /** Whether the server knows the run. */
  get known(): boolean {
    return this.#id !== undefined;
  }

  /** What it has not been told, for a sentence; undefined where there is nothing. */
  get untold(): string | undefined {
    const metrics = this.metrics.length + this.metrics.lost;
    const parts = [
      ...(this.known ? [] : ['that it ran']),
      ...(this.#parameters.length > 0 ? [`${this.#parameters.length} parameters`] : []),
      ...(metrics > 0 ? [`${metrics} metrics`] : []),
      ...(this.#end ? [`that it ${this.#end.status === 'finished' ? 'finished' : `was ${this.#end.status}`}`] : []),
    ];
    return parts.length > 0 ? parts.join(', ') : undefined;
  }

  end(end: RunEnd): void {
    this.#end = { ...end, time: Date.now() };
  }

  /**
   * Sends what waits; what was not taken waits on.
   * @throws Unavailable, Refused
   */
  async send(): Promise<void> {
    const run_id = (this.#id ??= await this.#begin());
    for (; this.#parameters.length > 0; this.#parameters = this.#parameters.slice(PARAMETERS))
      await this.server.post('runs/log-batch', { run_id, params: this.#parameters.slice(0, PARAMETERS) });
    while (this.metrics.length > 0) await this.#sendMetrics(run_id);
    if (this.#end) await this.#sendEnd(run_id, this.#end);
    this.#end = undefined;
  }

  async #sendMetrics(run_id: string): Promise<void> {
    const metrics = this.metrics.take(METRICS);
    try {
      await this.server.post('runs/log-batch', { run_id, metrics });
    } catch (error) {
      this.metrics.putBack(metrics);
      throw error;
    }
  }

  async #sendEnd(run_id: string, end: RunEnd & { readonly time: number }): Promise<void> {
    if (end.status !== 'finished')
      await this.server.post('runs/set-tag', { run_id, key: 'headstart.error', value: short(end.message) });
    await this.server.post('runs/update', { run_id, status: STATUS[end.status], end_time: end.time });
  }

  /** The run's id on the server: of the one that is there, where it was begun before or its making was not answered. */
  async #begin(): Promise<string> {
    const experiment_id = await this.experiment();
    const { runId, resumed, coordinates } = this.run;
    const found = resumed || this.#tried ? await this.#find(experiment_id) : undefined;
    this.#tried = true;
    if (found !== undefined) {
      if (resumed) this.#parameters = [];
      await this.server.post('runs/update', { run_id: found, status: 'RUNNING' });
      return found;
    }
    const tags = Object.entries(coordinates).map(([key, value]) => ({ key: `headstart.${key}`, value: short(value) }));
    const { run } = (await this.server.post('runs/create', {
      experiment_id,
      run_name: runId,
      start_time: this.#started,
      tags: [{ key: RUN_ID, value: runId }, { key: 'mlflow.source.name', value: 'headstart' }, ...tags],
    })) as RunAnswer;
    return run.info.run_id;
  }

  async #find(experiment_id: string): Promise<string | undefined> {
    const { runs = [] } = (await this.server.post('runs/search', {
      experiment_ids: [experiment_id],
      filter: `tags.\`${RUN_ID}\` = '${this.run.runId}'`,
      max_results: 1,
    })) as { runs?: RunAnswer['run'][] };
    return runs[0]?.info.run_id;
  }
}

function short(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
