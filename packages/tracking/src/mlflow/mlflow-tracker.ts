import { setTimeout as wait } from 'node:timers/promises';
import type { Points, RunEnd, TrackedRun, Tracker } from '../runs/tracker.ts';
import { MlflowRun } from './mlflow-run.ts';
import { Refused, Unavailable, type MlflowServer } from './mlflow-server.ts';
import { refusal } from './refusal.ts';

/** Metrics that are worth a request while an epoch lasts. */
const WORTH_SENDING = 1000;

/** At the end of a run, how often the server is asked, and the longest pause in milliseconds that is waited for before. */
const LAST_TRIES = 3;
const LAST_PAUSE = 5000;

/**
 * Sends a run's numbers to MLflow: beside the training, and awaited at the end of an epoch. A server that does not answer
 * ends nothing: what it was to be told waits, and what it never heard is named at the end.
 */
export class MlflowTracker implements Tracker {
  #run: MlflowRun | undefined;
  #sending = Promise.resolve();
  #busy = false;
  #warned = false;

  constructor(
    private readonly server: MlflowServer,
    private readonly experiment: () => Promise<string>,
    private readonly warn: (message: string) => Promise<void>,
  ) {}

  async open(run: TrackedRun): Promise<void> {
    this.#run = new MlflowRun(this.server, this.experiment, run);
    await this.#send({ evenPaused: false, refused: (error) => Promise.reject(refusal(this.server.settings, error)) });
  }

  log(points: Points, step: number): void {
    this.#run?.metrics.add(points, step);
    if (!this.#busy && this.server.pause === 0 && (this.#run?.metrics.length ?? 0) >= WORTH_SENDING) void this.flush();
  }

  /** Never rejects. */
  flush(): Promise<void> {
    return this.#inTurn(false);
  }

  async close(end: RunEnd): Promise<void> {
    const run = this.#run;
    run?.end(end);
    await this.#inTurn(run?.known ?? false);
    for (let i = 1; i < LAST_TRIES && this.#run?.untold !== undefined && this.server.pause <= LAST_PAUSE; i++) {
      await wait(this.server.pause);
      await this.#inTurn(true);
    }
    const lost = this.#run?.untold;
    if (lost !== undefined)
      await this.warn(
        `MLflow at ${this.server.settings.url} was not told of this run: ${lost} (${this.server.failure}).`,
      );
  }

  /** Sends once what is being sent has been. */
  #inTurn(evenPaused: boolean): Promise<void> {
    this.#busy = true;
    const turn = this.#sending
      .then(() => this.#send({ evenPaused, refused: (error) => this.#giveUp(error) }))
      .finally(() => (this.#busy = false));
    this.#sending = turn;
    return turn;
  }

  async #send(how: {
    readonly evenPaused: boolean;
    readonly refused: (error: Refused) => Promise<void>;
  }): Promise<void> {
    if (!how.evenPaused && this.server.pause > 0) return;
    try {
      await this.#run?.send();
    } catch (error) {
      if (!(error instanceof Unavailable)) return how.refused(asRefusal(error));
      if (this.#warned) return;
      this.#warned = true;
      const { url } = this.server.settings;
      await this.warn(
        `MLflow at ${url} cannot be reached (${error.message}): the run goes on, and what it is to be told waits.`,
      );
    }
  }

  /** A refusal after the beginning: the training goes on without MLflow. */
  async #giveUp(error: Refused): Promise<void> {
    this.#run = undefined;
    const { message, hint } = refusal(this.server.settings, error);
    await this.warn(`${message} Nothing more of this run is sent there. ${hint}`);
  }
}

/** What is no refusal of MLflow's is an answer that is not of its form. */
function asRefusal(error: unknown): Refused {
  return error instanceof Refused
    ? error
    : new Refused(`an answer without what it has to hold: ${String(error)}`, 200, undefined);
}
