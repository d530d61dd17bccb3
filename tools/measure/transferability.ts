/**
 * What choosing a source by a score costs: for each target every source and each of its layers is trained for real, a linear
 * probe on the frozen layer, and regret@1 is the best test accuracy less that of the candidate that a score ranks first;
 * beside it what size alone, and a draw, would cost. Scores are those of `headstart sources rank`, on training samples alone.
 *
 *   npm run measure -- transferability [target …] [--seeds 0,1] [--samples 500]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HeadstartError, definePlugin, silentProgress, type SourceDomain } from '@headstart/core';
import { pooledFeature, runStages, type Backbone, type Stage } from '@headstart/core/network';
import type { SourceRanking } from '@headstart/core/inference';
import { SCORES } from '@headstart/core/options';
import { regretAt1 } from '@headstart/core/transferability';
import { compose } from '../workspace/compose.ts';

const TARGETS = ['emoji-google', 'emoji-twitter', 'sentiment-amazon', 'sentiment-yelp'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '0,1' }, samples: { type: 'string', default: '500' } },
});
const targets = positionals.length > 0 ? positionals : TARGETS;
const seeds = values.seeds.split(',').map(Number);
const samples = Number(values.samples);

/** A source as one stage that gives all its layers as vectors, of which the head is put on one: layers share their features in the store. */
async function openLayer(
  source: SourceDomain,
  layer: string,
  ...how: Parameters<SourceDomain['open']>
): Promise<Backbone> {
  const backbone = await source.open(...how);
  const layers = backbone.features.filter(({ kind }) => kind !== 'sequence');
  const whole: Stage = {
    name: 'layers',
    variables: backbone.stages.flatMap((stage) =>
      stage.variables.map((variable) => ({ ...variable, name: `${stage.name}/${variable.name}` })),
    ),
    forward(inputs, mode) {
      const found: ReturnType<Stage['forward']> = {};
      runStages(backbone.stages, inputs, mode, (stage, outputs) => {
        for (const each of layers)
          if (each.stage === stage.name) Object.assign(found, { [each.name]: pooledFeature(each, outputs).clone() });
      });
      return found;
    },
    initialise: () => {},
  };
  const { name, shape } = layers.find((each) => each.name === layer)!;
  const feature = { name, stage: 'layers', tensor: name, shape: shape.slice(-1), kind: 'vector' } as const;
  return { ...backbone, stages: [whole], features: [feature], sourceHead: undefined };
}

const known = await compose(silentProgress);
const sources = new Map(known.sources().map(({ value }) => [value.id, value]));
const layered = definePlugin({
  name: 'layers',
  version: '0.0.0',
  headstart: '*',
  setup({ sources: registry }) {
    registry.addScheme({
      scheme: 'layer',
      description: 'A layer of a source: layer:<source>/<layer>',
      resolve(rest) {
        const [id, layer] = rest.split('/', 2) as [string, string];
        const source = sources.get(id)!;
        return { ...source, id: `layer:${rest}`, open: (...how) => openLayer(source, layer, ...how) };
      },
    });
  },
});
const headstart = await compose(silentProgress, [layered()]);
const folder = await mkdtemp(join(tmpdir(), 'headstart-transferability-'));
let runs = 0;

/** Test accuracy of a linear probe on a layer, mean over seeds. */
async function accuracyOf(target: string, source: string, layer: string): Promise<number> {
  let sum = 0;
  for (const seed of seeds) {
    const out = join(folder, String(runs++));
    const { metrics } = await headstart.train({
      target,
      source: `layer:${source}/${layer}`,
      strategy: 'linear-probe',
      seed,
      out,
    });
    sum += metrics['test']!['accuracy']! / seeds.length;
  }
  return sum;
}

async function rank(target: string, score: (typeof SCORES)[number]): Promise<SourceRanking | undefined> {
  try {
    return await headstart.rankSources({ target, score, samples });
  } catch (error) {
    if (!HeadstartError.is(error) || error.code !== 'not-supported') throw error;
    return undefined;
  }
}

const points = (share: number) => (100 * share).toFixed(1).padStart(5);
const nameOf = ({ source, layer }: { source: string; layer: string }) => `${source}/${layer}`;
const regrets = new Map<string, number[]>();
const book = (name: string, regret: number) => regrets.set(name, [...(regrets.get(name) ?? []), regret]);

async function measure(target: string): Promise<void> {
  await rank(target, 'probe'); // features computed once
  const rankings = new Map<string, SourceRanking>();
  for (const score of SCORES) {
    const ranking = await rank(target, score);
    if (ranking) rankings.set(score, ranking);
  }
  const before = process.cpuUsage();
  const { seconds } = (await rank(target, 'probe'))!;
  const { user, system } = process.cpuUsage(before);
  const { candidates, baselines, refused, samples: scored } = rankings.get('probe')!;
  console.log(`\n${target}: ${candidates.length} candidates, scored on ${scored} samples`);
  for (const { source, reason } of refused) console.log(`  left out ${source}: ${reason}`);
  const truth = new Map<string, number>();
  for (const each of candidates) {
    truth.set(nameOf(each), await accuracyOf(target, each.source, each.layer));
    const shown = SCORES.map((score) => {
      const found = rankings.get(score)?.candidates.find((one) => nameOf(one) === nameOf(each));
      return found ? `${score} ${found.score.toFixed(3)}` : undefined;
    });
    console.log(
      `  ${nameOf(each).padEnd(32)} ${points(truth.get(nameOf(each))!)} %   ${shown.filter(Boolean).join('  ')}`,
    );
  }
  const results = [...truth.values()];
  const say = (name: string, regret: number, more = '') => {
    book(name, regret);
    console.log(`  regret@1 ${name.padEnd(20)} ${points(regret)}  ${more}`);
  };
  for (const [score, ranking] of rankings) {
    const ordered = ranking.candidates.map((each) => truth.get(nameOf(each))!);
    const regret = regretAt1(
      ranking.candidates.map((each) => each.score),
      ordered,
    );
    const missed = Math.max(...results) - Math.max(...ordered);
    say(score, regret + missed, nameOf(ranking.candidates[0]!));
  }
  if (baselines.size) say('size', Math.max(...results) - truth.get(nameOf(baselines.size))!, nameOf(baselines.size));
  say('a draw', Math.max(...results) - results.reduce((sum, each) => sum + each, 0) / results.length);
  const [total, scoring, processor] = [seconds.total, seconds.scoring, (user + system) / 1e6].map((each) =>
    each.toFixed(1),
  );
  console.log(
    `  ranking by probe on cached features: ${total} s, of it scores ${scoring} s; ${processor} s of processor time`,
  );
}

try {
  for (const target of targets) await measure(target);
  console.log(`\nmean regret@1 over ${targets.length} targets, in points of accuracy`);
  for (const [name, each] of regrets)
    console.log(
      `  ${name.padEnd(20)} ${points(each.reduce((sum, one) => sum + one, 0) / each.length)}  (${each.length} targets)`,
    );
} finally {
  await headstart.close();
  await known.close();
  await rm(folder, { recursive: true });
}
