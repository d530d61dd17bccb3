import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, MetricSet } from './metrics.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

/** How often the event loop is looked at, in milliseconds. */
const LOOK = 10;

/** What a server counts. */
export class ServerMetrics {
  readonly #set = new MetricSet();

  readonly requests = this.#set.add(
    new Counter('headstart_requests_total', 'Requests that were answered, by path, method and status.'),
  );
  readonly seconds = this.#set.add(
    new Histogram('headstart_predict_seconds', 'Time from the head of a request to predict to its answer.', SECONDS),
  );
  readonly inputs = this.#set.add(
    new Counter('headstart_inputs_total', 'Inputs, by whether they were predicted or failed.'),
  );
  readonly #gaps = monitorEventLoopDelay({ resolution: LOOK });
  readonly batches = this.#set.add(new Histogram('headstart_batch_inputs', 'Inputs of a step of the model.', SIZES));

  /** @param waiting inputs that were accepted and not answered yet */
  constructor(waiting: () => number) {
    this.#set.add(new Gauge('headstart_queue_inputs', 'Inputs accepted and not answered yet.', waiting));
    this.#gaps.enable();
    this.#set.add(
      new Gauge(
        'nodejs_eventloop_lag_max_seconds',
        'The longest that the event loop was held up since this was last asked for.',
        () => this.#longestGap(),
      ),
    );
    this.#set.add(
      new Gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss()),
    );
    this.#set.add(
      new Gauge(
        'process_start_time_seconds',
        'Start time of the process since unix epoch in seconds.',
        () => performance.timeOrigin / 1000,
      ),
    );
  }

  #longestGap(): number {
    const longest = Math.max(0, this.#gaps.max / 1e6 - LOOK) / 1000;
    this.#gaps.reset();
    return longest;
  }

  text(): string {
    return this.#set.text();
  }
}
