import { HeadstartError } from '@headstart/artifacts/errors';
import type { SourceDomain } from '../../domains/source-domain.ts';
import type { Sample, TargetDomain } from '../../domains/target-domain.ts';
import { checkLabelled } from '../../inspection/check-labelled.ts';
import { DEFAULT_SCORE, SCORES, type Score } from '../../options/scores.ts';
import { withDefaults } from '../../options/transfer-options.ts';
import { oneOf, wholeNumber } from '../../options/value-kinds.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { Task } from '../../tasks/task.ts';
import { nearestNeighbourAccuracy } from '../../transferability/nearest-neighbour.ts';
import { needsPredictions, scoreOf } from '../../transferability/scores.ts';
import { checkOptions } from '../check-options.ts';
import { checkRequest } from '../check-request.ts';
import { prepareTarget } from '../prepare-target.ts';
import { splitPrepared } from '../split-prepared.ts';
import type { ModelServices } from '../trained-model.ts';
import { drawByClass, LEAST_OF_CLASS } from './draw-by-class.ts';
import { pooledFeatures, type PooledFeatures } from './pooled-features.ts';
import type { RankedCandidate, RankedSource, RankRequest, RefusedSource, SourceRanking } from './ranking.ts';

/** A score takes the cube of it: so many keep a dozen layers within seconds. */
const MOST_SAMPLES = 300;
const OPTIONS = {
  score: oneOf(SCORES),
  samples: wholeNumber(1),
  sources: {
    accepts: (value: unknown) =>
      Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'string'),
    must: 'ids of sources, one at least',
  },
};

/** What sources are scored on. */
interface Judged {
  readonly task: Task;
  readonly target: TargetDomain;
  readonly samples: readonly Sample[];
  /** The class of each sample, among those that have samples. */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly score: Score;
}

/**
 * Ranks sources, and each one's layers, by how well their frozen features suit a target, before anything is trained: on
 * training samples alone, by a score of `@headstart/core/transferability`. Features come from the store where they are there.
 *
 * @throws HeadstartError as reading does; `invalid-option`, `unknown-name`; `not-supported` for data without one class per
 * sample, and where no source can be scored
 */
export async function rankSources(services: ModelServices, request: RankRequest): Promise<SourceRanking> {
  const started = performance.now();
  const { score = DEFAULT_SCORE, samples: most = MOST_SAMPLES, sources: ids, ...asked } = request;
  checkOptions('rank', OPTIONS, { score, samples: most, sources: ids });
  checkRequest(asked);
  const wanted = ids && [...new Set(ids)].map((id) => services.registries.source(id));
  const { read, data, task } = await prepareTarget(services, asked);
  checkLabelled(data);
  task.check(data);
  const settled = withDefaults(asked);
  const target = splitPrepared(data, settled);
  const judged = judgedBy(task, target, drawByClass(target.splits.train, target.labels, most, settled.seed), score);
  const known = services.registries.sources.list().map(({ value }) => value);
  const asking = wanted ?? known.filter(({ modality }) => modality === task.modality);

  const candidates: RankedCandidate[] = [];
  const sources: RankedSource[] = [];
  const refused: RefusedSource[] = [];
  for (const source of asking) {
    try {
      const { timing, ...found } = await featuresOf(services, source, judged);
      candidates.push(...scored(source, found, judged));
      sources.push(timing);
    } catch (error) {
      if (!HeadstartError.is(error) || LASTING.has(error.code)) throw error;
      refused.push({ source: source.id, code: error.code, reason: error.message });
    }
  }
  if (candidates.length === 0) throw nothingRanked(read.location, score, refused);
  candidates.sort((a, b) => b.score - a.score);
  return {
    target: read.location,
    task: task.id,
    score,
    samples: judged.samples.length,
    classes: judged.classes,
    candidates,
    baselines: baselinesOf(candidates),
    sources,
    refused,
    seconds: { total: secondsSince(started), scoring: candidates.reduce((sum, { seconds }) => sum + seconds, 0) },
  };
}

/** What no other source would make better. */
const LASTING = new Set([
  'interrupted',
  'closed',
  'sample-unreadable',
  'storage-full',
  'storage-denied',
  'storage-failed',
]);

const secondsSince = (started: number) => (performance.now() - started) / 1000;

/** @throws HeadstartError `not-supported`, `invalid-option` */
function judgedBy(task: Task, target: TargetDomain, samples: readonly Sample[], score: Score): Judged {
  if (samples.some(({ label, labels, objects }) => label === undefined || labels || objects)) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `${target.id} is for the task "${task.id}"; sources are ranked for data with one class per sample.`,
      hint: 'Compare such transfers by training them: headstart bench.',
    });
  }
  const present = [...new Set(samples.map(({ label }) => label!))].sort((a, b) => a - b);
  const places = new Map(present.map((label, place) => [label, place]));
  const labels = Int32Array.from(samples, ({ label }) => places.get(label!)!);
  if (present.length < 2 || samples.length < LEAST_OF_CLASS * present.length) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${target.id} has ${samples.length} training samples in ${present.length} ${present.length === 1 ? 'class' : 'classes'}, too few to rank sources by.`,
      hint: `Give two classes or more, with ${LEAST_OF_CLASS} training samples each on average.`,
    });
  }
  return { task, target, samples, labels, classes: present.length, score };
}

/** Opens a source, and has it compute what the store lacks. @throws HeadstartError `not-supported`, those of `open` */
async function featuresOf(
  services: ModelServices,
  source: SourceDomain,
  { task, target, samples, score }: Judged,
): Promise<PooledFeatures & { readonly timing: RankedSource }> {
  if (source.modality !== task.modality)
    throw notScored(source, `it is for ${source.modality} data; the task "${task.id}" is about ${task.modality} data.`);
  const started = performance.now();
  const backbone = await source.open(services, { weights: 'published' });
  try {
    if (needsPredictions(score) && !backbone.sourceHead) throw withoutClasses(source, score);
    const head = task.buildHead(backbone, target.labels, new RandomStream('ranking'));
    try {
      const encoder = task.encoder({ backbone, labels: target.labels, augmentation: 'none' });
      if ((encoder.rows ?? 1) > 1) throw notScored(source, `a sample of "${task.id}" is no single vector to it.`);
      const opening = secondsSince(started);
      const found = await pooledFeatures({ ...services, backbone, head, encoder, samples });
      if (needsPredictions(score) && !found.probabilities) throw withoutClasses(source, score);
      const { reused, computed } = found.counts;
      const features = secondsSince(started) - opening;
      return { ...found, timing: { source: source.id, opening, features, reused, computed } };
    } finally {
      for (const { value } of head.variables) value.dispose();
    }
  } finally {
    backbone.dispose();
  }
}

/** The layers of a source with their scores; only the source as a whole where the score is of its predictions. */
function scored(source: SourceDomain, { layers, probabilities }: PooledFeatures, judged: Judged): RankedCandidate[] {
  const { score, labels, classes } = judged;
  const ranked = needsPredictions(score) ? layers.slice(-1) : layers;
  return ranked.map(({ layer, features }) => {
    const started = performance.now();
    const value = scoreOf(score, { features, labels, classes, probabilities })!;
    const seconds = secondsSince(started);
    return {
      source: source.id,
      layer: layer.name,
      last: layer === layers.at(-1)!.layer,
      width: features.columns,
      parameters: source.card.parameters,
      score: value,
      nearestNeighbour: score === 'nearest-neighbour' ? value : nearestNeighbourAccuracy({ features, labels, classes }),
      seconds,
    };
  });
}

/** @param candidates at least one */
function baselinesOf(candidates: readonly RankedCandidate[]): SourceRanking['baselines'] {
  const best = (of: readonly RankedCandidate[], value: (candidate: RankedCandidate) => number) =>
    of.reduce((a, b) => (value(b) > value(a) ? b : a));
  const named = ({ source, layer }: RankedCandidate) => ({ source, layer });
  const sized = candidates.filter(({ last, parameters }) => last && parameters !== undefined);
  return {
    ...(sized.length > 0 && { size: named(best(sized, ({ parameters }) => parameters!)) }),
    nearestNeighbour: named(best(candidates, ({ nearestNeighbour }) => nearestNeighbour)),
  };
}

function withoutClasses(source: SourceDomain, score: Score): HeadstartError {
  return notScored(source, `it has no classifier of its own, and "${score}" scores what that says.`);
}

function notScored({ id }: SourceDomain, why: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${id}" cannot be ranked: ${why}`,
    hint: `Leave it out, or rank by another score, such as ${DEFAULT_SCORE}.`,
  });
}

function nothingRanked(target: string, score: Score, refused: readonly RefusedSource[]): HeadstartError {
  const reasons = refused.map(({ reason }) => reason).join(' ');
  return new HeadstartError({
    code: 'not-supported',
    message: `No source can be ranked for ${target} by "${score}". ${reasons || 'None is registered for such data.'}`,
    hint: needsPredictions(score)
      ? `Rank by a score of features, such as ${DEFAULT_SCORE}, or name a source that classifies, such as model:<folder>.`
      : 'Name other sources; "headstart sources" lists them.',
  });
}
