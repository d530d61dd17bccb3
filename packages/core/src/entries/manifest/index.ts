export {
  askedNames,
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
export { installLine, packageManager, type PackageManager } from '../../plugins/package-manager.ts';
export { KNOWN_PACKAGES } from '../../plugins/known-packages.ts';
export { offerOf, type KnownPackage, type PackageOffer } from '../../plugins/package-offer.ts';
export { unknownPart, type PartKind } from '../../plugins/unknown-part.ts';
export type { PluginFailure } from '../../plugins/plugin-failure.ts';
export { checkCoreRange } from '../../plugins/core-range.ts';
export { checkFormat, checkNames, checkSource, checkTarget, type KnownParts } from '../../plugins/check-names.ts';
