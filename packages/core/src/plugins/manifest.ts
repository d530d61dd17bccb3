import type { Modality, SourceCard, SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import type { Reader, RegisteredDataset } from '../domains/reader.ts';
import type { Exporter } from '../export/exporter.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';

/** The version of the contract between core and plugins that this core keeps; a manifest names the one that it was written for. */
export const PLUGIN_API = 1;

/** A source as a manifest has it: its id and its card. */
export type SourceContribution = Pick<SourceDomain, 'id' | 'modality'> &
  Pick<SourceCard, 'title' | 'trainedOn' | 'licence'> &
  Partial<SourceCard>;
/** A family of sources as a manifest has it. */
export type SchemeContribution = Pick<SourceScheme, 'scheme' | 'modality' | 'description'>;
/** A reader as a manifest has it. */
export type ReaderContribution = Pick<Reader, 'id' | 'modality' | 'task' | 'description'>;
/** A data set as a manifest has it. */
export type DatasetContribution = Pick<RegisteredDataset, 'id' | 'modality' | 'task' | 'description' | 'licence'>;
/** A task as a manifest has it. */
export type TaskContribution = Pick<Task, 'id' | 'modality' | 'description' | 'defaults' | 'augmentations'>;
/** A strategy as a manifest has it. */
export type StrategyContribution = Pick<Strategy, 'id' | 'start' | 'description'>;
/** A metric as a manifest has it. `kind` is that of the evidence from which it is computed. */
export interface MetricContribution extends Pick<Metric, 'id' | 'description'> {
  readonly kind: string;
}
/** An export format as a manifest has it. */
export interface ExporterContribution extends Pick<Exporter, 'format' | 'description'> {
  readonly modality?: Modality;
}

/** What a plugin brings, as lists show it. A kind of which it brings nothing is left out. */
export interface Contributions {
  readonly sources?: readonly SourceContribution[];
  readonly schemes?: readonly SchemeContribution[];
  readonly readers?: readonly ReaderContribution[];
  readonly datasets?: readonly DatasetContribution[];
  readonly tasks?: readonly TaskContribution[];
  readonly strategies?: readonly StrategyContribution[];
  readonly metrics?: readonly MetricContribution[];
  readonly exporters?: readonly ExporterContribution[];
  /** Names of the services that it provides. */
  readonly services?: readonly string[];
  /** Names of the services of core or of other plugins in whose place it puts its own. */
  readonly replaces?: readonly string[];
  /** Whether it hears of every run. */
  readonly subscribes?: boolean;
}

/** What a plugin's package.json says of it under `headstart`, to be read without importing the plugin. */
export interface PluginManifest {
  /** The `PLUGIN_API` that it was written for. */
  readonly api: number;
  readonly contributes: Contributions;
}

/** The kinds of contributions that are lists of things with names of their own. */
export type ContributionKind = Exclude<keyof Contributions, 'services' | 'replaces' | 'subscribes'>;

type ContributionOf<Kind extends ContributionKind> = NonNullable<Contributions[Kind]>[number];

/** What a contribution goes by among those of its kind; what a registry would know it under. */
export const contributionName: { readonly [Kind in ContributionKind]: (item: ContributionOf<Kind>) => string } = {
  sources: ({ id }) => id,
  schemes: ({ scheme }) => scheme,
  readers: ({ id }) => id,
  datasets: ({ id }) => id,
  tasks: ({ id }) => id,
  strategies: ({ id }) => id,
  metrics: ({ kind, id }) => `${kind}/${id}`,
  exporters: ({ format, modality }) => (modality === undefined ? format : `${format}/${modality}`),
};

/** Every kind of contribution with names of its own, in the order in which lists show them. */
export const CONTRIBUTION_KINDS = Object.keys(contributionName) as readonly ContributionKind[];

/** The names of a plugin's contributions of one kind, each of which it has once. */
export function namesOf(contributes: Contributions, kind: ContributionKind): string[] {
  const name = contributionName[kind] as (item: unknown) => string;
  return (contributes[kind] ?? []).map(name);
}

/** The names by which a plugin's contributions of one kind are asked for: a format has no modality, a metric no evidence. */
export function askedNames(contributes: Contributions, kind: ContributionKind): string[] {
  if (kind === 'exporters') return (contributes.exporters ?? []).map(({ format }) => format);
  if (kind === 'metrics') return (contributes.metrics ?? []).map(({ id }) => id);
  return namesOf(contributes, kind);
}
