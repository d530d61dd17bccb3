import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Seconds that a server may take to answer; it imports a great deal. */
const PATIENCE = 120;

/** A run as MLflow's REST interface gives it. */
export interface MlflowRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
  readonly data: Readonly<
    Partial<Record<'metrics' | 'params' | 'tags', readonly { readonly key: string; readonly value: string }[]>>
  >;
}

/** A real MLflow server on loopback, whose database is in a folder. */
export class MlflowServer {
  private constructor(
    readonly url: string,
    private readonly process: number,
  ) {}

  static async start(python: string, folder: string): Promise<MlflowServer> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const store = ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`];
    const files = ['--artifacts-destination', join(folder, 'artifacts')];
    const where = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    const child = spawn(python, ['-m', 'mlflow', 'server', ...store, ...files, ...where], {
      detached: true, // with its workers in a group of its own, so that all can be ended
      stdio: 'ignore',
    });
    const server = new MlflowServer(url, child.pid!);
    for (let second = 0; second < PATIENCE; second++) {
      if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode} before it answered.`);
      if (await answers(url)) return server;
      await wait(1000);
    }
    server.stop();
    throw new Error(`mlflow server did not answer within ${PATIENCE} s.`);
  }

  stop(): void {
    process.kill(-this.process, 'SIGTERM');
  }

  /** The runs of an experiment, by name. */
  async runs(experiment: string): Promise<Map<string, MlflowRun>> {
    const found = (await this.#ask(`experiments/get-by-name?experiment_name=${experiment}`)) as {
      experiment: { experiment_id: string };
    };
    const { runs } = (await this.#ask('runs/search', { experiment_ids: [found.experiment.experiment_id] })) as {
      runs: MlflowRun[];
    };
    return new Map(runs.map((run) => [run.info.run_name, run]));
  }

  /** All values of a metric, as `[step, value]`. */
  async history(run_id: string, metric: string): Promise<[step: number, value: number][]> {
    const query = new URLSearchParams({ run_id, metric_key: metric }).toString();
    const { metrics } = (await this.#ask(`metrics/get-history?${query}`)) as {
      metrics: { step?: number; value: number }[];
    };
    return metrics.map(({ step = 0, value }) => [step, value]);
  }

  async #ask(path: string, body?: object): Promise<unknown> {
    const request = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    };
    const response = await fetch(`${this.url}/api/2.0/mlflow/${path}`, request);
    if (!response.ok) throw new Error(`MLflow answers ${response.status} to ${path}: ${await response.text()}`);
    return response.json();
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
