import {
  dispose,
  memory,
  sub,
  tensor1d,
  tidy,
  variableGrads,
  type NamedTensorMap,
  type Scalar,
} from '@tensorflow/tfjs-core';
import type { Backbone } from '../network/backbone.ts';
import { runStages } from '../network/run-stages.ts';
import type { ModelVariable } from '../network/stage.ts';
import { readValues } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import { StepRandom, stepSeed } from '../random/step-random.ts';
import { ownVariables, randomInputs, randomProjection, sameValues, toTensors } from './backbone-probe.ts';
import { expectThat } from './rules.ts';

const BATCH = 4;

/** Gradients of a projection of the last stage's outputs in the weights of the stages that train. */
function gradients(backbone: Backbone, trains: (stage: string) => boolean): NamedTensorMap {
  const weights = [...ownVariables(backbone, trains)]
    .filter(([, { role }]) => role === 'weight')
    .map(([, { value }]) => value);
  const { value, grads } = tidy(() => {
    const inputs = toTensors(randomInputs(backbone, BATCH));
    const seed = tensor1d(stepSeed(new RandomStream('check-backbone')), 'int32');
    return variableGrads(() => {
      const outputs = runStages(backbone.stages, inputs, ({ name }) =>
        trains(name) ? { training: true, random: new StepRandom(seed).child(name) } : { training: false },
      );
      return randomProjection({ ...outputs }) as Scalar;
    }, weights);
  });
  value.dispose();
  return grads;
}

/** Every weight must receive a finite gradient that is not zero throughout. */
export async function checkGradients(backbone: Backbone): Promise<void> {
  const before = memory().numTensors;
  const grads = gradients(backbone, () => true);
  for (const [name, { role, value }] of ownVariables(backbone)) {
    if (role !== 'weight') continue;
    const gradient = grads[value.name];
    expectThat(gradient != null, `the weight ${name} gets no gradient`);
    const values = await gradient!.data();
    expectThat(values.every(Number.isFinite), `the gradient of ${name} is not finite`);
    expectThat(
      values.some((x) => x !== 0),
      `the gradient of ${name} is zero`,
    );
  }
  dispose(grads);
  expectThat(memory().numTensors === before, 'a training step leaves tensors behind');
}

/** Trains the later half, then the earlier half of the stages that have variables; the others must not move. */
export async function checkFrozenStages(backbone: Backbone): Promise<void> {
  const stages = backbone.stages.filter(({ variables }) => variables.length > 0).map(({ name }) => name);
  const middle = Math.ceil(stages.length / 2);
  for (const part of [stages.slice(middle), stages.slice(0, middle)]) {
    if (part.length > 0) await checkOneStep(backbone, new Set(part));
  }
}

async function checkOneStep(backbone: Backbone, trainable: ReadonlySet<string>): Promise<void> {
  const before = await readValues(ownVariables(backbone));
  const grads = gradients(backbone, (stage) => trainable.has(stage));
  for (const [, { role, value }] of ownVariables(backbone, (stage) => trainable.has(stage))) {
    if (role === 'weight') tidy(() => value.assign(sub(value, grads[value.name]!)));
  }
  dispose(grads);
  const after = await readValues(ownVariables(backbone));
  for (const { name: stage, variables } of backbone.stages) {
    const moved = (variable: ModelVariable) => {
      const name = `${stage}/${variable.name}`;
      return !sameValues(before.get(name)!, after.get(name)!);
    };
    const weight = variables.find(({ role }) => role === 'weight');
    if (trainable.has(stage)) {
      expectThat(!weight || variables.some(moved), `the step left the stage ${stage} as it was, though it trains`);
      continue;
    }
    for (const variable of variables)
      expectThat(
        !moved(variable),
        `${variable.role} ${stage}/${variable.name} moved though the stage ${stage} is frozen`,
      );
  }
}
