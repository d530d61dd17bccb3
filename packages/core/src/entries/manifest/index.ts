export {
  CONTRIBUTION_KINDS,
  namesOf,
  PLUGIN_API,
  type ContributionKind,
  type Contributions,
  type DatasetContribution,
  type ExporterContribution,
  type MetricContribution,
  type PluginManifest,
  type ReaderContribution,
  type SchemeContribution,
  type SourceContribution,
  type StrategyContribution,
  type TaskContribution,
} from '../../plugins/manifest.ts';
export { checkManifest } from '../../plugins/check-manifest.ts';
export { contributionsOf, type RegisteredParts } from '../../plugins/contributions.ts';
export { manifestDifferences } from '../../plugins/manifest-differences.ts';
