import { isDeepStrictEqual } from 'node:util';
import type { TuningAdvice } from '../network/backbone.ts';
import { HEAD, type StageInfo } from '../network/head.ts';
import type { LossNeeds } from '../network/loss-term.ts';
import { readValues } from '../network/variable-values.ts';
import { named } from '../plugins/owner.ts';
import { Registries } from '../plugins/registries.ts';
import type { Backend } from '../ports/backend.ts';
import type { Budget, Phase, Strategy } from '../strategies/strategy.ts';
import { stageInfo } from '../network/transfer-model.ts';
import { needsOf } from '../training/loss-needs.ts';
import { ownVariables } from './backbone-probe.ts';
import { sourceRuntime } from './bench.ts';
import { checkingBackend } from './plain-backend.ts';
import { pointDomain } from './point-domain.ts';
import { expectMeant, expectRefused, expectThat, holdTo, isMeant, messageOf, type Rule } from './rules.ts';
import { transferRules } from './transfer-rules.ts';
import { TrialTransfers, weightsOf, withUnlabelled, type SmallDomain, type TrialResult } from './trial-transfer.ts';
import { watchingTerms, type TakenNeeds } from './watched-terms.ts';

/** What the conformance kit tries a strategy on. */
export interface StrategyCheck {
  /** What it is tried on where it does not fit any network; a network of two dense stages and points of three classes where absent. */
  readonly domain?: SmallDomain;
  /** For a strategy with `withOptions`: what follows the colon, in the small transfer, to be taken, and to be refused. */
  readonly options?: {
    readonly used?: string;
    readonly valid?: readonly string[];
    readonly invalid?: readonly string[];
  };
  /** See `checkTask`. */
  readonly backend?: Backend;
}

interface Trial {
  readonly strategy: Strategy;
  readonly domain: SmallDomain;
  readonly options: NonNullable<StrategyCheck['options']>;
  readonly transfers: TrialTransfers;
  readonly taken: TakenNeeds;
  /** The domain's own network, and what is planned for it. */
  readonly stages: readonly StageInfo[];
  readonly phases: readonly Phase[];
  /** The run that the others are compared with; made once. */
  readonly whole: () => Promise<TrialResult>;
}

const network = (stages: number): StageInfo[] =>
  Array.from({ length: stages }, (_, i) => ({ name: `stage${i}`, parameters: i % 3 === 1 ? 0 : 10 ** (i % 7) }));
/** Made anew for every use: a plan may alter what it is given. */
const networks = () => [1, 2, 5, 24].map(network);
const EPOCHS = [1, 3, 100];
const TUNING: (TuningAdvice | undefined)[] = [
  undefined,
  { learningRate: 1e-5, headLearningRate: 1e-3, probePenalty: 0.01, adapted: ['query'] },
];
/** A rate that no strategy has by itself. */
const RATE = 0.012345;

const contract: Rule<{ strategy: Strategy }> = {
  rule: 'it keeps its contract',
  check: ({ strategy }) => void guarded(strategy),
};

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it plans for small and large networks and budgets',
    check({ strategy }) {
      for (const stages of networks())
        for (const epochs of EPOCHS)
          for (const tuning of TUNING)
            for (const budget of [{ epochs }, { epochs, learningRate: RATE, weightDecay: 0.1 }])
              orRefusal(() => strategy.plan(stages, budget, tuning), stages, budget);
    },
  },
  {
    rule: 'plans are pure',
    check({ strategy }) {
      for (const stages of networks()) {
        const budget = { epochs: 3, learningRate: RATE };
        const given = structuredClone({ stages, budget });
        const plan = () => orRefusal(() => strategy.plan(given.stages, given.budget), stages, budget);
        const [first, second] = [plan(), plan()].map((phases) => JSON.stringify(phases));
        expectThat(
          isDeepStrictEqual(given, { stages, budget }),
          'plan alters the stages or the budget that it is given',
        );
        expectThat(first === second, `plan gives ${first} and then ${second}`);
      }
    },
  },
  {
    rule: 'plans follow the budget',
    check({ strategy, stages }) {
      const [short, long] = [2, 100].map((epochs) =>
        strategy.plan(stages, { epochs }).reduce((total, phase) => total + phase.epochs, 0),
      );
      expectThat(long! > short!, `it trains for ${short} epochs in all, whether 2 or 100 are asked for`);
      expectThat(
        strategy
          .plan(stages, { epochs: 2, learningRate: RATE })
          .some(({ optimiser }) => optimiser.learningRate === RATE),
        `no phase has the learning rate that was asked for (${RATE})`,
      );
    },
  },
  {
    rule: 'options are taken or refused',
    async check({ strategy, options: { valid = [], invalid = ['no-such-option=1', '\u0000'] } }) {
      if (!strategy.withOptions) return expectThat(valid.length === 0, 'it takes none: there is no withOptions');
      for (const text of valid) {
        const altered = strategy.withOptions(text);
        expectThat(
          altered.id.endsWith(`:${text}`),
          `with the options "${text}" its id is "${altered.id}", which does not name them`,
        );
        altered.plan(network(5), { epochs: 100 });
      }
      for (const text of invalid)
        await expectRefused(`the option ${JSON.stringify(text)}`, () => strategy.withOptions!(text));
      await expectMeant('an empty option', () => strategy.withOptions!(''));
    },
  },
  {
    rule: 'the head trains',
    check({ strategy, phases }) {
      if (strategy.sourceFree)
        return expectThat(
          phases.every(({ trainable }) => trainable[HEAD] === undefined),
          'a phase trains the head, which a source-free strategy keeps',
        );
      expectThat(
        phases.some(({ trainable }) => (trainable[HEAD] ?? 0) > 0),
        'no phase trains the head, which keeps its random weights',
      );
    },
  },
  {
    rule: 'the named stages train and no other',
    async check({ strategy, domain, phases, whole }) {
      const run = await whole();
      expectThat(run.losses.every(Number.isFinite), 'the loss is not finite');
      if (strategy.start === 'random') return;
      const trained = await weightsOf(run);
      const backbone = await domain.source.open(sourceRuntime(), { weights: 'published' });
      const before = await readValues(ownVariables(backbone));
      const stages = backbone.stages.map(({ name, variables }) => ({
        name,
        variables: variables.map((own) => `${name}/${own.name}`),
      }));
      backbone.dispose();
      for (const { name, variables } of stages) {
        const moved = variables.filter((own) =>
          before.get(own)!.data.some((value, i) => value !== trained.get(own)?.[i]),
        );
        const named = phases.some(({ trainable }) => (trainable[name] ?? 0) > 0);
        if (!named)
          expectThat(moved.length === 0, `the stage "${name}" changes (${moved.join(', ')}), and no phase names it`);
        else
          expectThat(
            moved.length > 0 || variables.length === 0,
            `the stage "${name}" stays as it was, though a phase names it`,
          );
      }
    },
  },
  {
    rule: 'loss terms take what they ask for, and no more',
    async check({ phases, taken, whole }) {
      await whole();
      for (const { name, needs } of phases.flatMap(({ losses = [] }) => losses)) {
        const took = taken.get(name) ?? new Set();
        const asked = (Object.keys(needs) as (keyof LossNeeds)[]).filter((need) => isAsked(needs[need]));
        for (const need of asked)
          expectThat(
            took.has(need === 'sourceWeights' ? 'weights' : need),
            `the term "${name}" asks for ${need} and never takes it`,
          );
        for (const need of took)
          expectThat(
            need === 'features' || asked.includes(need),
            `the term "${name}" takes ${need}, which it does not ask for`,
          );
      }
    },
  },
  ...transferRules,
];

/**
 * The conformance test of a strategy: plans for networks and budgets of all sizes that keep the contract, give the same
 * each time and follow the budget; options that are taken or refused; and a small transfer, in which the stages that
 * phases name train and the others stay, bit by bit the same a second time and in pieces, with steps that can be recorded;
 * loss terms that take what they ask for (unlabelled samples among it) and nothing else. A source-free strategy starts from a linear
 * probe of the domain, and keeps its head.
 *
 * @throws Error naming the strategy and the first rule that it breaks
 */
export async function checkStrategy(
  strategy: Strategy,
  { domain = pointDomain(), options = {}, backend }: StrategyCheck = {},
): Promise<void> {
  const computing = await checkingBackend(backend);
  const part = named('strategy', strategy);
  await holdTo('checkStrategy', part, { strategy }, [contract]);
  const own = guarded(strategy);
  const { stages, tuning } = await stagesOf(domain);
  const used = options.used === undefined ? own : own.withOptions!(options.used);
  const taken: TakenNeeds = new Map();
  let phases: readonly Phase[] = [];
  await holdTo('checkStrategy', part, {}, [
    {
      rule: 'it plans for the network that it is tried on',
      check: () => void (phases = used.plan(stages, { epochs: 2 }, tuning)),
    },
  ]);
  const transfers = await TrialTransfers.open(
    computing,
    domain,
    watchingTerms(used, taken),
    needsOf(phases).unlabelled && !used.sourceFree ? withUnlabelled : {},
  );
  let run: Promise<TrialResult> | undefined;
  const whole = () => (run ??= transfers.whole());
  try {
    await holdTo(
      'checkStrategy',
      part,
      { strategy: own, domain, options, transfers, taken, stages, phases, whole },
      rules,
    );
  } finally {
    await transfers.close();
  }
}

/** The stages of a source, as strategies see them. */
async function stagesOf({ source }: SmallDomain): Promise<{ stages: StageInfo[]; tuning?: TuningAdvice }> {
  const backbone = await source.open(sourceRuntime(), { weights: 'none' });
  const { tuning } = backbone;
  const stages = backbone.stages.map(stageInfo);
  backbone.dispose();
  return { stages, tuning };
}

/** What a plan gives; undefined where it refuses the network by an error that is meant. */
function orRefusal(
  plan: () => readonly Phase[],
  stages: readonly StageInfo[],
  budget?: Budget,
): readonly Phase[] | undefined {
  try {
    return plan();
  } catch (error) {
    if (isMeant(error)) return undefined;
    throw new Error(
      `for ${stages.length} ${stages.length === 1 ? 'stage' : 'stages'} and ${JSON.stringify(budget ?? {})}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function isAsked(need: LossNeeds[keyof LossNeeds]): boolean {
  return Array.isArray(need) ? need.length > 0 : need === true;
}

/** As runs see it. */
function guarded(strategy: Strategy): Strategy {
  const registries = new Registries();
  registries.addStrategy('under-test', strategy);
  return registries.strategies.list()[0]!.value;
}
