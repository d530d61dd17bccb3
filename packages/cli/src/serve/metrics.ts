/**
 * Numbers of a process in Prometheus' text format, version 0.0.4: a HELP and a TYPE line per metric, then a line per
 * label set (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

interface Metric {
  /** Lines of the format, the last one ended. */
  text(): string;
}

/** Metrics in the order they were made. */
export class MetricSet {
  readonly #metrics: Metric[] = [];

  add<M extends Metric>(metric: M): M {
    this.#metrics.push(metric);
    return metric;
  }

  text(): string {
    return this.#metrics.map((metric) => metric.text()).join('');
  }
}

/** Counts per label set. */
export class Counter implements Metric {
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly name: string,
    private readonly help: string,
  ) {}

  add(labels: Labels = {}, count = 1): void {
    const key = labelText(labels);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  text(): string {
    const lines = [...this.#counts].map(([labels, count]) => `${this.name}${labels} ${count}\n`);
    return header(this.name, this.help, 'counter') + lines.join('');
  }
}

/** A number that is looked up when it is asked for. */
export class Gauge implements Metric {
  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly value: () => number,
  ) {}

  text(): string {
    return `${header(this.name, this.help, 'gauge')}${this.name} ${this.value()}\n`;
  }
}

/** How many values were up to each of some bounds. */
export class Histogram implements Metric {
  readonly #upTo: number[];
  #sum = 0;
  #count = 0;

  /** @param bounds ascending */
  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.#upTo = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.bounds.forEach((bound, i) => {
      if (value <= bound) this.#upTo[i]!++;
    });
    this.#sum += value;
    this.#count++;
  }

  text(): string {
    const buckets = this.bounds.map((bound, i) => `${this.name}_bucket{le="${bound}"} ${this.#upTo[i]}\n`);
    return [
      header(this.name, this.help, 'histogram'),
      ...buckets,
      `${this.name}_bucket{le="+Inf"} ${this.#count}\n`,
      `${this.name}_sum ${this.#sum}\n`,
      `${this.name}_count ${this.#count}\n`,
    ].join('');
  }
}

function header(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${escaped}"`;
  });
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
