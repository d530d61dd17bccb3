import { HEAD, type StageInfo, type Head } from './head.ts';
import type { Adapters } from './adapters.ts';
import type { AuxiliaryLayers } from './auxiliary-layers.ts';
import type { Backbone } from './backbone.ts';
import { runStages } from './run-stages.ts';
import type { ForwardMode, ModelVariable, Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';
import { valueDigest } from './value-digest.ts';

/** A backbone with a task's head on it: one ordered list of stages, the head last. */
export class TransferModel {
  readonly stages: readonly { readonly name: string; readonly stage: Stage }[];

  readonly #kept = new Map<string, { dispose(): void }>();

  /** What some of the backbone's weights are made of while adapters are trained. */
  adapters: Adapters | undefined;

  /** Layers of loss terms, trained beside the model. */
  auxiliary: AuxiliaryLayers | undefined;

  constructor(
    readonly backbone: Backbone,
    readonly head: Head,
  ) {
    this.stages = [...backbone.stages.map((stage) => ({ name: stage.name, stage })), { name: HEAD, stage: head }];
  }

  /**
   * Runs stages `from` (inclusive) to `to` (exclusive). Call inside `tf.tidy`.
   * @param observe shown what each stage puts out
   */
  forward(
    inputs: Tensors,
    from = 0,
    to = this.stages.length,
    mode?: (stage: string) => ForwardMode,
    observe?: (stage: string, outputs: Tensors) => void,
  ): Tensors {
    const stages = this.stages.slice(from, to).map(({ stage }) => stage);
    const nameOf = (stage: Stage) => (stage === this.head ? HEAD : stage.name);
    return runStages(
      stages,
      inputs,
      mode && ((stage) => mode(nameOf(stage))),
      observe && ((stage, outputs) => observe(nameOf(stage), outputs)),
    );
  }

  /** The number of leading stages that none of these names is among. */
  frozenPrefix(trainable: Readonly<Record<string, number>>): number {
    const first = this.stages.findIndex(({ name }) => trainable[name] !== undefined);
    return first < 0 ? this.stages.length : first;
  }

  /** Every variable with its unique name, `stage/variable`. */
  *variables(include: (stage: string) => boolean = () => true): Generator<[string, ModelVariable]> {
    for (const { name, stage } of this.stages) {
      if (include(name)) for (const variable of stage.variables) yield [`${name}/${variable.name}`, variable];
    }
  }

  /** What training changes, by unique name: the variables that are not fixed, the factors of weights that have adapters, layers of loss terms. */
  *state(include: (stage: string) => boolean = () => true): Generator<[string, ModelVariable]> {
    for (const named of this.variables(include)) if (named[1].role !== 'fixed') yield named;
    if (this.adapters) yield* this.adapters.variables(include);
    if (this.auxiliary) yield* this.auxiliary.variables(include);
  }

  info(): StageInfo[] {
    return this.backbone.stages.map(stageInfo);
  }

  /** SHA-256 of the values of the first `count` stages: what their output depends on. */
  prefixDigest(count: number): Promise<string> {
    const prefix = new Set(this.stages.slice(0, count).map(({ name }) => name));
    return valueDigest([...this.variables((stage) => prefix.has(stage))].map(([name, { value }]) => [name, value]));
  }

  /**
   * What is made of the model at the first call for a name, and disposed of with it: a compiled step, so that shapes are
   * recorded once for all that run it. It follows the model's values.
   */
  kept<T extends { dispose(): void }>(name: string, make: () => T): T {
    const known = this.#kept.get(name) as T | undefined;
    if (known) return known;
    const made = make();
    this.#kept.set(name, made);
    return made;
  }

  dispose(): void {
    for (const each of this.#kept.values()) each.dispose();
    this.#kept.clear();
    this.adapters?.dispose();
    this.auxiliary?.dispose();
    for (const variable of this.head.variables) variable.value.dispose();
    this.backbone.dispose();
  }
}

/** A stage as strategies see it. */
export function stageInfo(stage: Stage): StageInfo {
  const batchNorm = sizeOf(stage.variables.filter((variable) => variable.batchNorm));
  return { name: stage.name, parameters: parameters(stage), ...(batchNorm > 0 && { batchNorm }) };
}

export function parameters(stage: Stage): number {
  return sizeOf(stage.variables.filter(({ role }) => role === 'weight'));
}

function sizeOf(variables: readonly ModelVariable[]): number {
  return variables.reduce((sum, { value }) => sum + value.size, 0);
}
