import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { Modality, SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Exporter } from '../export/exporter.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { Registry } from './registry.ts';
import { unknownSource } from './unknown-source.ts';

/** Everything that plugins have added. */
export class Registries {
  readonly sources = new Registry<SourceDomain>('source');
  readonly schemes = new Registry<SourceScheme>('source scheme');
  readonly readers = new Registry<Reader>('reader');
  readonly datasets = new Registry<RegisteredDataset>('data set');
  readonly tasks = new Registry<Task>('task');
  readonly strategies = new Registry<Strategy>('strategy');
  readonly metrics = new Registry<Metric>('metric');
  readonly exporters = new Registry<Exporter>('export format');

  /** A strategy by its id, or by an id and options after a colon: `lora:8`. @throws HeadstartError `unknown-name`, `invalid-option` */
  strategy(id: string): Strategy {
    return withOptions(this.strategies, id);
  }

  /** A task by its id, or by an id and options after a colon. @throws HeadstartError `unknown-name`, `invalid-option` */
  task(id: string): Task {
    return withOptions(this.tasks, id);
  }

  /** The task by which inputs of a modality become a backbone's: the first that was added. @throws HeadstartError `not-supported` */
  embeddingTask(modality: Modality): Task {
    const task = this.tasks.list().find(({ value }) => value.modality === modality)?.value;
    if (task) return task;
    throw new HeadstartError({
      code: 'not-supported',
      message: `No registered task can encode ${modality} data.`,
      hint: `Add a plugin with a task for ${modality} data.`,
    });
  }

  /** A source by its id, or by a scheme and what follows the colon. @throws HeadstartError `unknown-name` */
  source(id: string): SourceDomain {
    const found = this.sources.find(id);
    if (found) return found;
    const colon = id.indexOf(':');
    const scheme = colon > 0 ? this.schemes.find(id.slice(0, colon)) : undefined;
    if (scheme) return scheme.resolve(id.slice(colon + 1));
    throw unknownSource(id, this.sources.names(), this.schemes.names());
  }
}

function withOptions<T extends { readonly id: string; withOptions?(options: string): T }>(
  registry: Registry<T>,
  id: string,
): T {
  const found = registry.find(id);
  if (found) return found;
  const colon = id.indexOf(':');
  const optional = colon > 0 ? registry.find(id.slice(0, colon)) : undefined;
  return optional?.withOptions?.(id.slice(colon + 1)) ?? registry.get(id);
}
