import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import type { Exporter } from '../export/exporter.ts';
import type { EvidenceFormat } from '../metrics/evidence-format.ts';
import type { Metric } from '../metrics/metric.ts';
import type { RunSubscriberFactory } from '../runs/subscriber.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import type { Contributions } from './manifest.ts';
import type { Registered } from './registry.ts';
import type { ServiceInfo } from './services.ts';

/** The lists of what plugins have registered; a composed `Headstart` has them. */
export interface RegisteredParts {
  sources(): readonly Registered<SourceDomain>[];
  sourceSchemes(): readonly Registered<SourceScheme>[];
  readers(): readonly Registered<Reader>[];
  datasets(): readonly Registered<RegisteredDataset>[];
  tasks(): readonly Registered<Task>[];
  strategies(): readonly Registered<Strategy>[];
  metrics(): readonly Registered<Metric>[];
  exporters(): readonly Registered<Exporter>[];
  /** How evidence is kept item by item, a format for each kind that has one. */
  evidenceFormats(): readonly Registered<EvidenceFormat>[];
  /** The services that core and plugins provide, and those that plugins put in their place. */
  services(): readonly Registered<ServiceInfo>[];
  /** Who subscribes to every run. */
  subscribers(): readonly Registered<RunSubscriberFactory>[];
}

/** What one plugin has registered, as its manifest should have it. */
export function contributionsOf(parts: RegisteredParts, plugin: string): Contributions {
  const own = <T>(registered: readonly Registered<T>[]): T[] =>
    registered.filter((each) => each.plugin === plugin).map(({ value }) => value);
  const services = own(parts.services());
  const all: Contributions = {
    sources: own(parts.sources()).map(({ id, modality, card }) => ({ id, modality, ...card })),
    schemes: own(parts.sourceSchemes()).map(({ scheme, modality, description }) => ({ scheme, modality, description })),
    readers: own(parts.readers()).map(({ id, modality, task, description }) => ({ id, modality, task, description })),
    datasets: own(parts.datasets()).map(({ id, modality, task, description, licence }) => ({
      id,
      modality,
      task,
      description,
      licence,
    })),
    tasks: own(parts.tasks()).map(({ id, modality, description, defaults, augmentations }) => ({
      id,
      modality,
      description,
      defaults,
      augmentations,
    })),
    strategies: own(parts.strategies()).map(({ id, start, description }) => ({ id, start, description })),
    metrics: own(parts.metrics()).map(({ id, kind, description }) => ({ id, kind, description })),
    exporters: own(parts.exporters()).map(({ format, modality, description }) => ({ format, modality, description })),
    services: services.filter(({ replaces }) => !replaces).map(({ id }) => id),
    replaces: services.filter(({ replaces }) => replaces).map(({ id }) => id),
    subscribes: own(parts.subscribers()).length > 0,
  };
  const present = Object.entries(all).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value));
  // As JSON has it: members that are undefined are not there.
  return JSON.parse(JSON.stringify(Object.fromEntries(present))) as Contributions;
}
