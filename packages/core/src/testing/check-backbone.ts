import { memory } from '@tensorflow/tfjs-core';
import type { OpenOptions, SourceDomain } from '../domains/source-domain.ts';
import type { Backbone } from '../network/backbone.ts';
import { readValues, writeValues } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import { HEAD } from '../network/head.ts';
import { ownVariables, randomInputs, probeStages, sameValues, sampleValues } from './backbone-probe.ts';
import { checkFrozenStages, checkGradients } from './check-training.ts';
import { expectThat } from './rules.ts';

/** How the conformance kit opens a source, and what it may leave out. */
export interface BackboneCheck {
  /** Opens the source. Called several times; two backbones live at once. */
  readonly open: (options: OpenOptions) => Promise<Backbone>;
  /** What to open; `none` where the source has no weights or a test should fetch none. */
  readonly weights?: OpenOptions['weights'];
  /** False where the current backend lacks the kernels to train: gradients and frozen stages are left out. */
  readonly trains?: boolean;
}

/**
 * The conformance test of a source: what every strategy relies on. Runs on the current backend.
 *
 * - stages and variables have unique names, features name tensors that exist, in their static shape;
 * - a sample's features do not depend on the rest of its batch, and no tensor is left behind;
 * - `initialise` depends on its stream alone, and two backbones of the source do not share variables;
 * - every weight receives a gradient; stages that do not train keep weights and statistics;
 * - variables survive being read and written, and a source with assets opens from them alone;
 * - `dispose` frees everything.
 *
 * @throws Error naming the source and the first rule that it breaks
 */
export async function checkBackbone(
  source: SourceDomain,
  { open, weights = 'none', trains = true }: BackboneCheck,
): Promise<void> {
  const tensors = memory().numTensors;
  const opened: Backbone[] = [];
  const openAnother = async (options: OpenOptions) => {
    const backbone = await open(options);
    opened.push(backbone);
    return backbone;
  };
  try {
    const backbone = await openAnother({ weights });
    checkNames(backbone);
    if (weights === 'none') initialise(backbone, 'first');
    await checkForward(backbone);
    await checkInitialise(backbone, await openAnother({ weights: 'none' }));
    if (trains) {
      initialise(opened[1]!, 'training');
      await checkGradients(opened[1]!);
      await checkFrozenStages(opened[1]!);
    }
    await checkRoundTrip(backbone, opened[1]!);
    const { assets } = backbone;
    if (assets)
      await checkRoundTrip(
        backbone,
        await openAnother({ weights: 'none', assets: async (name) => assetOf(assets, name) }),
      );
  } catch (cause) {
    throw new Error(`checkBackbone: ${source.id}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  } finally {
    for (const backbone of opened) backbone.dispose();
  }
  const left = memory().numTensors - tensors;
  expectThat(left === 0, `checkBackbone: ${source.id}: ${left} tensors are left after dispose()`);
}

function checkNames({ architecture, input, stages, features }: Backbone): void {
  expectThat(architecture.length > 0, 'the architecture has no name');
  expectThat(
    JSON.stringify(JSON.parse(JSON.stringify(input))) === JSON.stringify(input),
    'the input specification is not plain JSON',
  );
  const names = stages.map(({ name }) => name);
  expectThat(new Set(names).size === names.length, `two stages have one name: ${names.join(', ')}`);
  expectThat(!names.includes(HEAD), `a stage is called "${HEAD}", the name of the task's head`);
  for (const { name, variables } of stages) {
    const own = variables.map((variable) => variable.name);
    expectThat(new Set(own).size === own.length, `two variables of stage ${name} have one name`);
  }
  expectThat(features.length > 0, 'there is no feature to put a head on');
  for (const { name, stage } of features)
    expectThat(names.includes(stage), `feature ${name} names the stage ${stage}, which does not exist`);
  const depth = features.map(({ stage }) => names.indexOf(stage));
  expectThat(
    depth.every((d, i) => i === 0 || d >= depth[i - 1]!),
    'features are not in order of depth',
  );
}

function initialise(backbone: Backbone, name: string): void {
  for (const stage of backbone.stages) stage.initialise(new RandomStream('check-backbone').child(name, stage.name));
}

async function checkForward(backbone: Backbone): Promise<void> {
  const BATCH = 2;
  const inputs = randomInputs(backbone, BATCH);
  const before = memory().numTensors;
  const whole = await probeStages(backbone, inputs);
  expectThat(memory().numTensors === before, 'forward leaves tensors behind');
  for (const { name, stage, tensor, shape } of backbone.features) {
    const output = whole.get(stage)?.[tensor];
    expectThat(output !== undefined, `stage ${stage} gives no tensor "${tensor}" for feature ${name}`);
    const expected = [BATCH, ...shape].join(', ');
    expectThat(
      output!.shape.join(', ') === expected,
      `feature ${name} has shape [${output!.shape.join(', ')}] where [${expected}] is declared`,
    );
    expectThat(output!.values.every(Number.isFinite), `feature ${name} has values that are not finite`);
  }
  const alone = await probeStages(backbone, randomInputs(backbone, 1));
  const { stage, tensor, name } = backbone.features.at(-1)!;
  const [first, single] = [whole.get(stage)![tensor]!, alone.get(stage)![tensor]!].map((output) =>
    sampleValues(output, 0),
  );
  const scale = Math.max(...first!.map(Math.abs), 1e-6);
  const difference = Math.max(...first!.map((value, i) => Math.abs(value - single![i]!)));
  // Kernels may add up in another order for another batch size; in single precision that stays far below this.
  expectThat(
    difference <= 1e-3 * scale,
    `feature ${name} of a sample depends on the batch it is in (${difference} at a scale of ${scale})`,
  );
}

/** Also shows that the two backbones have variables of their own. */
async function checkInitialise(first: Backbone, second: Backbone): Promise<void> {
  const untouched = await readValues(ownVariables(first));
  initialise(second, 'a');
  const a = await readValues(ownVariables(second));
  initialise(second, 'b');
  const b = await readValues(ownVariables(second));
  initialise(second, 'a');
  const again = await readValues(ownVariables(second));
  for (const [name, { value }] of ownVariables(second)) {
    expectThat(
      sameValues(a.get(name)!, again.get(name)!),
      `initialise gives ${name} another value for the same stream`,
    );
    if (value.rank < 2) continue; // biases and norms start from constants
    expectThat(
      !sameValues(a.get(name)!, b.get(name)!),
      `initialise gives the kernel ${name} the same value for another stream`,
    );
    expectThat(!sameValues(a.get(name)!, untouched.get(name)!), `initialise leaves the kernel ${name} as it was`);
  }
  const after = await readValues(ownVariables(first));
  for (const [name, value] of untouched)
    expectThat(sameValues(value, after.get(name)!), `two backbones share the variable ${name}`);
}

async function checkRoundTrip(from: Backbone, to: Backbone): Promise<void> {
  expectThat(
    from.architecture === to.architecture,
    `the architecture is called ${from.architecture} and, opened again, ${to.architecture}`,
  );
  await writeValues(ownVariables(to), await readValues(ownVariables(from)), 'the saved model');
  const inputs = randomInputs(from, 2);
  const [expected, actual] = [await probeStages(from, inputs), await probeStages(to, inputs)];
  for (const [stage, outputs] of expected) {
    for (const [name, output] of Object.entries(outputs)) {
      const other = actual.get(stage)?.[name];
      const equal = other !== undefined && output.values.every((value, i) => value === other.values[i]);
      expectThat(equal, `${stage}/${name} differs after variables were saved and loaded`);
    }
  }
}

function assetOf(assets: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  expectThat(assets[name] !== undefined, `the source asks for the asset "${name}", which it did not give`);
  return assets[name]!;
}
