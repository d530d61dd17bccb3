import { HeadstartError } from '@headstart/artifacts/errors';
import { HEAD } from '../network/head.ts';
import { lossStage, type LossNeeds, type LossTerm } from '../network/loss-term.ts';
import type { Backbone } from '../network/backbone.ts';
import type { Phase } from '../strategies/strategy.ts';

/** What several terms need together. */
export function mergedNeeds(terms: readonly LossTerm[]): LossNeeds {
  const any = (need: Exclude<keyof LossNeeds, 'features' | 'labelled'>) => terms.some(({ needs }) => needs[need]);
  return {
    features: [...new Set(terms.flatMap(({ needs }) => needs.features ?? []))],
    embedding: any('embedding'),
    outputs: any('outputs'),
    weights: any('weights'),
    sourceWeights: any('sourceWeights'),
    teacher: any('teacher'),
    groups: any('groups'),
    unlabelled: any('unlabelled'),
  };
}

/** What the terms of all phases need together. */
export function needsOf(phases: readonly Phase[]): LossNeeds {
  return mergedNeeds(phases.flatMap(({ losses = [] }) => losses));
}

/** The term that takes the place of the task's loss, if one does. */
export function replacesTaskLoss(terms: readonly LossTerm[]): LossTerm | undefined {
  return terms.find((term) => term.replacesTaskLoss);
}

/** Whether a phase trains a stage of the model, or the layers of a loss term under their name among the stages. */
export function trainsStage({ trainable, losses = [] }: Phase, stage: string): boolean {
  return trainable[stage] !== undefined || losses.some((term) => term.layers && lossStage(term) === stage);
}

/** Whether a stage that a phase trains normalises by the batches' statistics. */
export function normalisesByBatches({ batchStatistics }: Phase, stage: string): boolean {
  return typeof batchStatistics === 'boolean' ? batchStatistics : batchStatistics.includes(stage);
}

/** Whether the head learns what it is for in this phase, so that it can be evaluated after each epoch. */
export function learnsTask({ trainable, losses = [] }: Phase): boolean {
  return replacesTaskLoss(losses) === undefined || trainable[HEAD] !== undefined;
}

/** The number of leading stages whose outputs may stand in for samples: not beyond a stage whose feature a term asks for. */
export function replaceablePrefix({ losses = [] }: Phase, { stages, features }: Backbone, prefix: number): number {
  const { features: wanted = [] } = mergedNeeds(losses);
  const needed = features.filter(({ name }) => wanted.includes(name));
  return needed.reduce((least, { stage }) => {
    const at = stages.findIndex(({ name }) => name === stage);
    return at < 0 ? least : Math.min(least, at + 1);
  }, prefix);
}

/**
 * @param unlabelled whether there are unlabelled samples
 * @param sourceFree whether there are no others
 * @throws HeadstartError `plugin-invalid` for terms that cannot be computed together or on this backbone,
 * `invalid-option` where one learns from unlabelled samples and there are none, or none does and there are some
 */
export function checkLossTerms(
  phases: readonly Phase[],
  backbone: Backbone,
  {
    strategy,
    unlabelled,
    sourceFree = false,
  }: { readonly strategy: string; readonly unlabelled: boolean; readonly sourceFree?: boolean },
): void {
  const builders = new Map<string, LossTerm>();
  for (const phase of phases) {
    const terms = phase.losses ?? [];
    const wrong = (fault: string) => invalidTerms(phase, fault);
    const twice = terms.find(({ name }, i) => terms.findIndex((other) => other.name === name) < i);
    if (twice) throw wrong(`has two loss terms of the name "${twice.name}"`);
    const replacing = terms.filter((term) => term.replacesTaskLoss);
    if (replacing.length > 1)
      throw wrong(
        `has more than one loss term in place of the task's loss: ${replacing.map(({ name }) => `"${name}"`).join(', ')}`,
      );
    for (const term of terms) {
      const known = backbone.features.map(({ name }) => name);
      const unknown = term.needs.features?.find((name) => !known.includes(name));
      if (unknown !== undefined)
        throw wrong(
          `has the loss term "${term.name}", which asks for the feature "${unknown}"; the source offers ${known.join(', ') || 'none'}`,
        );
      if (sourceFree && term.needs.labelled !== false)
        throw wrong(
          `has the loss term "${term.name}", which looks at labelled samples; a source-free strategy has none`,
        );
      if (term.needs.unlabelled && !unlabelled) throw withoutUnlabelled(strategy, term);
      const builder = term.layers && builders.get(term.name);
      if (builder && builder !== term)
        throw wrong(
          `has a loss term of its own under the name "${term.name}" of an earlier phase's, which brings layers`,
        );
      if (term.layers) builders.set(term.name, term);
    }
    if (phase.derived && !mergedNeeds(terms).unlabelled)
      throw wrong('derives targets of unlabelled samples, and none of its loss terms learns from these');
    if (replacing[0] && phase.trainable[HEAD] !== undefined && !mergedNeeds(terms).outputs)
      throw wrong(`trains the head by the loss term "${replacing[0].name}", in which a head has no part`);
  }
  if (unlabelled && !needsOf(phases).unlabelled) throw withoutUse(strategy);
}

function invalidTerms({ name }: Phase, fault: string): HeadstartError {
  return new HeadstartError({
    code: 'plugin-invalid',
    message: `The phase "${name}" ${fault}.`,
    hint: "Choose another --strategy, or tell the strategy's author.",
  });
}

function withoutUnlabelled(strategy: string, term: LossTerm): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "${strategy}" learns from unlabelled samples (loss term "${term.name}"), and none were given.`,
    hint: 'Name them with --adapt (in code: adapt), a path or a data set of the same kind; labels in it are ignored. Or choose a --strategy that needs none.',
  });
}

function withoutUse(strategy: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The strategy "${strategy}" learns nothing from unlabelled samples, and some were given.`,
    hint: 'Leave out --adapt (in code: adapt), or choose a --strategy that adapts to unlabelled samples.',
  });
}
