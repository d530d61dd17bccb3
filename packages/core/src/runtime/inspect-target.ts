import type { Artifacts, Progress } from '@headstart/artifacts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Grouping } from '../domains/groups.ts';
import type { ModelInput } from '../domains/model-input.ts';
import { datasetOf } from '../domains/splits.ts';
import type { ReadSample, Sample, SplitName, TargetData, TargetDomain } from '../domains/target-domain.ts';
import { checkLabelled } from '../inspection/check-labelled.ts';
import { countSplits, type Splits } from '../inspection/count-splits.ts';
import type { FoundNear, OtherData } from '../inspection/near/find-near.ts';
import type { NearBetween } from '../inspection/near/near-duplicates.ts';
import type { EmbeddedBy } from '../inspection/near/near-embeddings.ts';
import { examplesOf } from '../inspection/examples.ts';
import type { Inspection, NearDuplicates, NearSides } from '../inspection/inspection.ts';
import { inspectionPage } from '../inspection/page/inspection-page.ts';
import { onOff, probability, text } from '../options/value-kinds.ts';
import { withDefaults, type TransferOptions } from '../options/transfer-options.ts';
import { defaultSource } from '../plugins/references.ts';
import type { Registries } from '../plugins/registries.ts';
import { checkOptions } from './check-options.ts';
import { checkRequest } from './check-request.ts';
import { checkStrict, lookOver } from './look-over.ts';
import { prepareTarget, viewOf, type PrepareRequest } from './prepare-target.ts';
import { readUnlabelled } from './read-unlabelled.ts';
import { balanced, splitPrepared } from './split-prepared.ts';

/** What is to be inspected: the options by which `train` reads and splits. */
export type InspectRequest = PrepareRequest &
  Pick<TransferOptions, 'source' | 'split' | 'seed' | 'shots' | 'strict' | 'groupBy'>;

/** What is wanted of an inspection beside what it found. */
export interface InspectOptions {
  /** A page to look at: pictures or texts by class and split, counts, warnings. */
  readonly page?: boolean;
  /** Other data, by path or id, that the samples are held against: copies and near-duplicates of theirs are warned of. */
  readonly against?: string;
  /**
   * Whether samples are compared by the source's embeddings, too, for which a backend is used and the source's weights are fetched: `true`, or the
   * least cosine that is nearly the same, from 0 to below 1; it is 0.95, or higher where all embeddings of the source lie close together.
   */
  readonly embeddings?: boolean | number;
}

const cosineOrSwitch = {
  accepts: (value: unknown) => typeof value === 'boolean' || probability.accepts(value),
  must: `true, false, or ${probability.must}`,
};

const OPTIONS = { page: onOff, against: text, embeddings: cosineOrSwitch } satisfies Record<
  keyof InspectOptions,
  unknown
>;

/** An inspection, and the page where it was asked for: HTML that is complete in itself. */
export interface InspectResult extends Inspection {
  readonly page?: string;
}

/** What looking at data works with: no backend. */
export interface InspectServices {
  readonly registries: Registries;
  readonly artifacts: Artifacts;
  readonly progress: Progress;
}

/** The same, and what computes embeddings where they are asked for. */
export interface EmbeddingServices extends InspectServices {
  /** Gives what a source makes of inputs, `[inputs.length, d]`, row-major. */
  readonly embed: (source: string, inputs: readonly ModelInput[]) => ReturnType<EmbeddedBy['embed']>;
}

/**
 * Reads a target as a training would, draws its splits, and says what would be learned from and what looks wrong. Computes
 * nothing, and writes nothing but what reading needs.
 *
 * @throws HeadstartError as reading does; why read data cannot be learned is told in the inspection's `error`
 */
export async function inspectTarget(
  services: EmbeddingServices,
  asked: InspectRequest,
  options: InspectOptions = {},
): Promise<InspectResult> {
  checkOptions('inspect', OPTIONS, options);
  const { page = false, against, embeddings } = options;
  checkRequest(asked);
  const request = withDefaults(asked);
  const wanted = request.source === undefined ? undefined : services.registries.source(request.source);
  const { read, data, cleaned, task } = await prepareTarget(services, request);
  const source = wanted ?? defaultSource(services.registries, task);
  const refusals: HeadstartError[] = [];
  const attempt = <T>(learn: () => T): T | undefined => {
    try {
      return learn();
    } catch (error) {
      if (!HeadstartError.is(error)) throw error;
      refusals.push(error);
      return undefined;
    }
  };
  attempt(() => checkLabelled(data));
  attempt(() => task.check(data));
  const { skipBad = false, readerOptions = {} } = request;
  const other =
    against === undefined
      ? undefined
      : await readUnlabelled(
          services,
          against,
          { task, labels: [], madeFor: read.origin.task },
          { skipBad, options: readerOptions, progress: services.progress, of: '--against' },
        );
  const split: Pick<TargetDomain, 'splits' | 'surplus' | 'grouping'> = attempt(() => splitPrepared(data, request)) ?? {
    splits: undivided(data.samples),
  };
  const { splits, grouping } = split;
  const view = viewOf(task);
  const { progress, artifacts } = services;
  // Nothing is fetched only to look: a source's files are used where they are here.
  const runtime = { progress, artifacts: artifacts.offline?.() ?? nothingFetched };
  const looked = {
    data,
    splits,
    grouping,
    view,
    source,
    against: other && contentsOf(other.data),
    embedded: embeddedBy(services, source.id, embeddings),
    clean: request.clean,
  };
  const { warnings, duplicates, near, unchecked } = await lookOver(looked, { thorough: true, runtime });
  if (request.strict) attempt(() => checkStrict(data, warnings));
  const { unlabelled = [], notes = {}, skipped, labels } = data;
  const [refusal] = refusals;
  const inspection: Inspection = {
    target: read.location,
    reader: read.reader ?? data.reader,
    why: read.choice.why,
    task: task.id,
    modality: data.modality,
    splits: data.samples.some(({ split }) => split !== undefined) ? 'of the data' : 'drawn',
    ...countSplits(splits, labels),
    ...(notes.table && { table: notes.table }),
    ...(unlabelled.length > 0 && { unlabelled: { count: unlabelled.length, samples: unlabelled } }),
    ...(duplicates && { duplicates }),
    ...(near && { near: { ...nearInWords(near), ...(other && { against: other.data.id }) } }),
    ...(grouping && { groups: inGroups(grouping) }),
    examples: examplesOf(splits, labels, view),
    warnings,
    unchecked,
    cleaned: [...cleaned, ...balanced(split)],
    skipped,
    ...(notes.remarks && notes.remarks.length > 0 && { remarks: notes.remarks }),
    passedOver: notes.passedOver ?? [],
    ...(refusal && { error: { code: refusal.code, message: refusal.message, hint: refusal.hint } }),
  };
  if (!page) return inspection;
  return {
    ...inspection,
    page: await inspectionPage(inspection, { splits, names: labels, view, near }),
  };
}

function inGroups({ groups, alone, largest, apart }: Grouping): Inspection['groups'] {
  return { groups, alone, largest, apart: apart.length };
}

/** Pairs that are listed between two sides. */
const LISTED = 10;

function nearInWords({ of, compared, between, embeddings }: FoundNear): NearDuplicates {
  return {
    of,
    compared,
    between: sidesInWords(between),
    ...(embeddings && { embeddings: { ...embeddings, between: sidesInWords(embeddings.between) } }),
  };
}

function sidesInWords(between: readonly NearBetween[]): NearSides[] {
  return between.map(({ pairs, ...found }) => ({
    ...found,
    pairs: pairs
      .slice(0, LISTED)
      .map(({ first, second, likeness }) => ({ first: first.id, second: second.id, likeness })),
  }));
}

function embeddedBy(
  { embed }: EmbeddingServices,
  source: string,
  asked: InspectOptions['embeddings'] = false,
): EmbeddedBy | undefined {
  if (asked === false) return undefined;
  return { source, ...(asked !== true && { least: asked }), embed: (inputs) => embed(source, inputs) };
}

function contentsOf({ id, samples }: TargetData): OtherData {
  return { id, samples: samples.map(({ sample }) => sample) };
}

/** Samples that cannot be split: as the data assign them, all else to learn from. */
function undivided(samples: readonly ReadSample[]): Splits {
  const of = (name: SplitName) =>
    datasetOf<Sample>(samples.flatMap(({ sample, split = 'train' }) => (split === name ? [sample] : [])));
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

/** Stands where artifacts cannot say what they have without fetching it. */
const nothingFetched: Artifacts = { file: refuse, package: refuse };

function refuse({ uri }: { readonly uri: string }): Promise<never> {
  throw new HeadstartError({
    code: 'artifact-unreachable',
    message: `${uri} is not fetched only to look at data.`,
    hint: 'A training fetches it.',
  });
}
