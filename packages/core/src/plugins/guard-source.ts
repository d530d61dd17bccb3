import type { SourceDomain, SourceScheme } from '../domains/source-domain.ts';
import type { Backbone, SourceHead } from '../network/backbone.ts';
import { checkWeight } from '../network/finite.ts';
import { HEAD } from '../network/head.ts';
import type { Stage } from '../network/stage.ts';
import { backboneContract, sourceContract } from './contracts.ts';
import { guard } from './guard.ts';
import { pluginFailed, within, type Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/** A source whose backbones keep the contract and have finite weights, and whose errors name the plugin. */
export function guardSource(source: SourceDomain, owner: Owner): SourceDomain {
  const open = async (backbone: Backbone) => {
    const guarded = guardBackbone(backbone, owner);
    try {
      await checkWeights(guarded, source.id);
    } catch (error) {
      guarded.dispose();
      throw error;
    }
    return guarded;
  };
  return guard(source, owner, { results: { open } });
}

/** @throws HeadstartError `not-finite` */
async function checkWeights({ stages }: Backbone, source: string): Promise<void> {
  for (const { name: stage, variables } of stages)
    for (const { name, value } of variables)
      await checkWeight(await value.data<'float32'>(), `${stage}/${name}`, `the source "${source}"`);
}

/** A scheme whose sources are guarded, each under its whole address. */
export function guardScheme(scheme: SourceScheme, owner: Owner): SourceScheme {
  const resolve = (source: SourceDomain) => {
    const problem = shapeProblem(sourceContract, source);
    if (problem !== undefined) throw pluginFailed(owner, `resolve gave no source: ${problem}.`);
    return guardSource(source, { ...owner, part: `source "${source.id}"` });
  };
  return guard(scheme, owner, { results: { resolve } });
}

function guardBackbone(backbone: Backbone, owner: Owner): Backbone {
  const problem = shapeProblem(backboneContract, backbone) ?? nameProblem(backbone);
  if (problem !== undefined) {
    if (typeof (backbone as Partial<Backbone> | undefined)?.dispose === 'function') backbone.dispose();
    throw pluginFailed(owner, `open gave no backbone that can be used: ${problem}.`);
  }
  const guardStage = (stage: Stage) => guard(stage, within(owner, 'stage', stage.name));
  return guard(backbone, owner, {
    values: {
      stages: (stages: readonly Stage[]) => stages.map(guardStage),
      sourceHead: (head: SourceHead | undefined) => head && guard(head, owner, { values: { stage: guardStage } }),
    },
  });
}

/** Stages have names of their own, and features name stages that are there. */
function nameProblem({ stages, features }: Backbone): string | undefined {
  const names = stages.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) return `two stages are called "${twice}"`;
  if (names.includes(HEAD)) return `a stage is called "${HEAD}", the name of the task's head`;
  const lost = features.find(({ stage }) => !names.includes(stage));
  return lost && `the feature "${lost.name}" is of the stage "${lost.stage}", which is not among ${names.join(', ')}`;
}
