export { checkBackbone, type BackboneCheck } from './check-backbone.ts';
export { checkExporter, type ExporterCheck } from './check-exporter.ts';
export { checkMetric, type MetricCheck } from './check-metric.ts';
export {
  checkPlugin,
  type PackageManifest,
  type PartChecks,
  type PluginCheck,
  type PluginFactory,
} from './check-plugin.ts';
export { checkReader, type ReaderCheck } from './check-reader.ts';
export { checkTask, type TaskCheck } from './check-task.ts';
export { checkStrategy, type StrategyCheck } from './check-strategy.ts';
export type { SmallDomain } from './trial-transfer.ts';
export { plainBackend } from './plain-backend.ts';
export { pointDomain, pointPlugin } from './point-domain.ts';
export { refusalOf } from './refusal-of.ts';
export { startHubServer, type HubRepository, type HubServer } from '@headstart/artifacts/testing';
