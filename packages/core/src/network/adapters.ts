import { add, keep, matMul, mul, tensor2d, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { RandomStream } from '../random/random-stream.ts';

import { assignValues, modelVariable } from './layer.ts';
import type { ModelVariable, Stage } from './stage.ts';
import { checkTrainedOn, valueDigest } from './value-digest.ts';
import type { StoredValue } from './variable-values.ts';

/** Low-rank adapters in place of whole weights (Hu et al., 2021). */
export interface AdapterPlan {
  /** Columns of the one factor, rows of the other. */
  readonly rank: number;
  /** The factors' product counts `alpha / rank` times. */
  readonly alpha: number;
  /** Ends of the names of the weights that are adapted, such as `query`; every weight matrix where absent. */
  readonly targets?: readonly string[];
}

/** What the names of a weight's two factors end in. */
const DOWN = ':down';
const UP = ':up';
/** What they ended in in files that were written before. */
const FORMER_ENDING = /:(left|right)$/;
const TODAY: Readonly<Record<string, string>> = { ':left': DOWN, ':right': UP };

/** A weight `[m, n]` that is the source's value and a product of two thin matrices. */
export interface LowRankWeight {
  readonly stage: string;
  /** `stage/variable`. */
  readonly name: string;
  readonly weight: ModelVariable;
  /** `[m, rank]`, zero at first. */
  readonly down: ModelVariable;
  /** `[rank, n]`, random at first. */
  readonly up: ModelVariable;
  /** The source's value, on the device. */
  readonly base: Tensor2D;
}

/**
 * Low-rank adapters (Hu et al., 2021, arXiv 2106.09685): in place of a weight W the factors D and U of
 * `W = W₀ + scale · D U` are trained: D projects what comes in down to the rank, U up to what goes out. The network goes
 * on using W, which is put together after every change of the factors: evaluation, saving and export know nothing of
 * adapters. The factors' gradients follow from that in W: `∂D = scale · ∂W Uᵀ` and `∂U = scale · Dᵀ ∂W`.
 */
export class Adapters {
  /** @param scale `alpha / rank` */
  private constructor(
    readonly weights: readonly LowRankWeight[],
    readonly scale: number,
  ) {}

  /**
   * Adapters on the weights that the plan targets, whose values now are the base.
   * @throws HeadstartError `not-supported` where none is targeted, `invalid-option` for a rank beyond a weight's own
   */
  static create(stages: readonly Stage[], { rank, alpha, targets }: AdapterPlan, random: RandomStream): Adapters {
    const kernels = stages.flatMap((stage) =>
      stage.variables
        .filter(({ role, decay, value }) => role === 'weight' && decay && value.rank === 2)
        .map((weight) => ({ stage: stage.name, weight })),
    );
    const chosen = kernels.filter(
      ({ stage, weight }) =>
        targets === undefined || targets.some((target) => isTarget(`${stage}/${weight.name}`, target)),
    );
    if (chosen.length === 0)
      throw noTarget(
        targets,
        kernels.map(({ weight }) => weight.name),
      );
    for (const { weight } of chosen) checkRank(weight, rank);
    const weights = chosen.map(({ stage, weight }) => lowRank(stage, weight, rank, random));
    return new Adapters(weights, alpha / rank);
  }

  /** The factors of weights in these stages, by unique name. */
  *variables(include: (stage: string) => boolean = () => true): Generator<[string, ModelVariable]> {
    for (const { stage, name, down, up } of this.weights) {
      if (!include(stage)) continue;
      yield [name + DOWN, down];
      yield [name + UP, up];
    }
  }

  /** The factors of a weight, each with how its gradient follows from that in the weight. */
  factors({
    name,
    down,
    up,
  }: LowRankWeight): { name: string; variable: ModelVariable; gradient: (ofWeight: Tensor) => Tensor }[] {
    const { scale } = this;
    return [
      {
        name: name + DOWN,
        variable: down,
        gradient: (ofWeight) => mul(matMul(ofWeight as Tensor2D, matrix(up), false, true), scale),
      },
      {
        name: name + UP,
        variable: up,
        gradient: (ofWeight) => mul(matMul(matrix(down), ofWeight as Tensor2D, true, false), scale),
      },
    ];
  }

  /** Puts the weights together from their factors. */
  merge(): void {
    tidy(() => {
      for (const { weight, base, down, up } of this.weights)
        weight.value.assign(merged(base, matrix(down), matrix(up), this.scale));
    });
  }

  /** SHA-256 of the source's values of the adapted weights: what the factors belong to. */
  baseDigest(): Promise<string> {
    return valueDigest(this.weights.map(({ name, base }) => [name, base]));
  }

  dispose(): void {
    for (const { down, up, base } of this.weights) for (const tensor of [down.value, up.value, base]) tensor.dispose();
  }
}

/** What saved factors count as, and the digest of the weights that they were trained on. */
export interface AdapterBase {
  readonly scale: number;
  readonly base: string;
}

/**
 * Values of a file with the factors among them under today's names, whatever stands before these, as in
 * `optimiser/m/…`: files of before have other endings.
 */
export function withFactorNames(values: ReadonlyMap<string, StoredValue>): ReadonlyMap<string, StoredValue> {
  return new Map([...values].map(([name, value]) => [name.replace(FORMER_ENDING, (ending) => TODAY[ending]!), value]));
}

/**
 * Puts saved factors on the source's weights.
 * @param variables the backbone's, by unique name
 * @throws HeadstartError `weights-mismatch` for factors of a weight that is not there, of another shape, or of other values
 */
export async function applyAdapters(
  variables: Iterable<[string, ModelVariable]>,
  saved: ReadonlyMap<string, StoredValue>,
  { scale, base }: AdapterBase,
  from: string,
): Promise<void> {
  const factors = withFactorNames(saved);
  const weights = new Map(variables);
  const adapted = [...factors.keys()].flatMap((name) => (name.endsWith(DOWN) ? [name.slice(0, -DOWN.length)] : []));
  const known = adapted.flatMap((name): [string, Tensor][] =>
    weights.has(name) ? [[name, weights.get(name)!.value]] : [],
  );
  if (known.length === adapted.length)
    checkTrainedOn({ trained: base, now: await valueDigest(known) }, { what: 'adapters', from });
  for (const [
    name,
    {
      shape: [m, rank],
      data,
    },
  ] of factors) {
    if (!name.endsWith(DOWN)) continue;
    const weight = weights.get(name.slice(0, -DOWN.length));
    const up = factors.get(name.slice(0, -DOWN.length) + UP);
    if (!weight || !up || [m, up.shape[1]].join() !== weight.value.shape.join() || up.shape[0] !== rank) {
      throw new HeadstartError({
        code: 'weights-mismatch',
        message: `${from} holds adapters of "${name.slice(0, -DOWN.length)}" that fit no weight of the source.`,
        hint: 'The file belongs to another architecture or version; use the source it was made with.',
      });
    }
    tidy(() => {
      const [downValues, upValues] = [tensor2d(data, [m!, rank!]), tensor2d(up.data, [rank!, up.shape[1]!])];
      weight.value.assign(merged(matrix(weight), downValues, upValues, scale));
    });
  }
}

function merged(base: Tensor2D, down: Tensor2D, up: Tensor2D, scale: number): Tensor2D {
  return add(base, mul(matMul(down, up), scale));
}

function matrix({ value }: ModelVariable): Tensor2D {
  return value as Tensor as Tensor2D;
}

/** Whether a target is the end of a weight's name, whole words of it; a closing `weight` or `kernel` may be left out. */
function isTarget(name: string, target: string): boolean {
  const endsSo = (words: readonly string[], wanted = target.split(/[./]/)) =>
    words.slice(-wanted.length).join('.') === wanted.join('.');
  const words = name.split(/[./]/);
  return endsSo(words) || (['weight', 'kernel'].includes(words.at(-1)!) && endsSo(words.slice(0, -1)));
}

function lowRank(stage: string, weight: ModelVariable, rank: number, random: RandomStream): LowRankWeight {
  const name = `${stage}/${weight.name}`;
  const [m, n] = weight.value.shape as [number, number];
  const down = modelVariable(name + DOWN, [m, rank], { role: 'weight', decay: true });
  const up = modelVariable(name + UP, [rank, n], { role: 'weight', decay: true });
  const stream = random.child(name);
  assignValues(
    up,
    Float32Array.from({ length: rank * n }, () => stream.normal() / Math.sqrt(n)),
  );
  return { stage, name, weight, down, up, base: keep(weight.value.clone() as Tensor as Tensor2D) };
}

function checkRank({ name, value: { shape } }: ModelVariable, rank: number): void {
  const own = Math.min(...shape);
  if (rank < own) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `Adapters of rank ${rank} are no smaller than the weight ${name} [${shape.join(', ')}] itself.`,
    hint: `Give a rank below ${own}, or other targets: lora:rank=…,targets=….`,
  });
}

function noTarget(targets: readonly string[] | undefined, names: readonly string[]): HeadstartError {
  const some = names.slice(0, 8).join(', ');
  return new HeadstartError({
    code: 'not-supported',
    message:
      targets && names.length > 0
        ? `No weight of the source ends in ${targets.join(' or ')}.`
        : 'The source has no weight matrix to put adapters on.',
    hint:
      names.length > 0
        ? `Its weight matrices: ${some}${names.length > 8 ? ', …' : ''}. Choose with lora:targets=….`
        : 'Choose another --strategy, or a source whose layers are matrices.',
  });
}
