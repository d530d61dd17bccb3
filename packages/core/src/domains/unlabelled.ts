import { createHash } from 'node:crypto';
import { HeadstartError } from '@headstart/artifacts/errors';
import { byCodeUnit } from './by-code-unit.ts';
import { contentsOf } from './fingerprint.ts';
import { altered } from './altered-sample.ts';
import { fingerprintOf } from './fingerprint.ts';
import { datasetOf } from './splits.ts';
import type { Dataset, Sample, TargetData, TargetDomain } from './target-domain.ts';

/**
 * The target with samples to adapt to beside it: all those of the data, whichever split they are assigned to, without
 * what is known of them, in the order of their digests. The fingerprint covers their contents.
 * @throws HeadstartError `target-too-small` for a single sample or copies of one, `invalid-option` for samples that are the labelled ones
 */
export function adaptingTo<S extends Sample>(target: TargetDomain<S>, data: TargetData<S>): TargetDomain<S> {
  const samples = data.samples.map(({ sample }) => withoutTruth(sample)).sort(byContent);
  if (new Set(samples.map(({ digest }) => digest)).size === 1) throw single(data.id, samples.length);
  checkOthers(target, data.id, samples);
  const unlabelled = datasetOf(samples);
  const { fingerprint: labelled } = target;
  const hash = createHash('sha256').update(`${labelled}\n${contentsOf(unlabelled)}`);
  return { ...target, unlabelled, labelled, fingerprint: hash.digest('hex') };
}

/** An order that no label shows in: folders, and with them the order of files, may be named for classes. */
function byContent(a: Sample, b: Sample): number {
  return byCodeUnit(a.digest, b.digest) || byCodeUnit(a.id, b.id);
}

/** The sample without what is known of it. */
export function withoutTruth<S extends Sample>(sample: S): S {
  return altered(sample, { label: undefined, labels: undefined, score: undefined, objects: sample.objects && [] });
}

/** A target of which nothing is labelled: the samples to adapt to are all that there is, and the classes are a trained model's. */
export function unlabelledTarget<S extends Sample>(data: TargetData<S>, labels: readonly string[]): TargetDomain<S> {
  const none = datasetOf<S>([]);
  const { id, modality, skipped } = data;
  const splits = { train: none, validation: none, test: none };
  const fingerprint = fingerprintOf(labels, { train: [], validation: [], test: [] });
  return adaptingTo({ id, modality, labels, splits, fingerprint, skipped }, data);
}

/** The samples that an epoch goes through: the labelled ones, or where a strategy is source-free the unlabelled ones. */
export function epochSamples<S extends Sample>({
  splits: { train },
  unlabelled,
}: Pick<TargetDomain<S>, 'splits' | 'unlabelled'>): Dataset<S> {
  return train.length === 0 && unlabelled ? unlabelled : train;
}

/**
 * Whether test samples stayed out of the unlabelled ones (inductive) or some are among them, by content (transductive); undefined of
 * a target without unlabelled samples, or without test samples where nothing is labelled.
 */
export function settingOf<S extends Sample>({
  splits,
  unlabelled,
}: TargetDomain<S>): 'inductive' | 'transductive' | undefined {
  if (!unlabelled || (splits.train.length === 0 && splits.test.length === 0)) return undefined;
  return sharesContent(splits.test, unlabelled) ? 'transductive' : 'inductive';
}

/** Whether some sample of the ones has the content of one of the others. */
export function sharesContent(samples: Dataset<Sample>, others: Dataset<Sample>): boolean {
  const known = digestsOf(others);
  return [...digestsOf(samples)].some((digest) => known.has(digest));
}

function digestsOf(samples: Dataset<Sample>): Set<string> {
  return new Set(Array.from({ length: samples.length }, (_, i) => samples.get(i).digest));
}

/** Samples that are all labelled, and trained on, are no other domain. */
function checkOthers<S extends Sample>({ id, splits }: TargetDomain<S>, adapt: string, samples: readonly S[]): void {
  const trained = digestsOf(splits.train);
  const known = new Set([...trained, ...digestsOf(splits.validation), ...digestsOf(splits.test)]);
  if (!samples.every(({ digest }) => known.has(digest)) || !samples.some(({ digest }) => trained.has(digest))) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The samples to adapt to, ${adapt}, are labelled samples of ${id}: there is no other domain to adapt to.`,
    hint: 'Give --adapt samples of the kind that the model is to be used on, or leave it out.',
  });
}

function single(adapt: string, times: number): HeadstartError {
  return new HeadstartError({
    code: 'target-too-small',
    message: `There is one sample to adapt to in ${adapt}${times > 1 ? `, ${times} times` : ''}: it shows no domain, whose spread is what is adapted to.`,
    hint: 'Give --adapt some hundred samples of the kind that the model is to be used on.',
  });
}
