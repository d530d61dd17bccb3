/**
 * How often verdicts are wrong. Benchmarks of methods that are identical are simulated item by item and judged as
 * `headstart bench` judges: each `better` or `worse` is wrong. Then methods that differ: how often that is found, and how
 * often methods that differ by delta are called equivalent.
 *
 *   npm run measure -- false-verdicts [benchmarks] [kind]
 *
 * With a kind (a part of its name, such as `200 items`) only the first table, of that kind.
 */
import type { Verdict } from '@headstart/bench';
import { RandomStream } from '@headstart/core';
import { normalCells, simulatedCells, strategyName, type Simulation } from './simulated-benchmark.ts';
import { ALPHA, countVerdicts, DELTA, percent } from './verdict-counts.ts';

const benchmarks = Number(process.argv[2] ?? 1000);
const only = process.argv[3];
const plain: Omit<Simulation, 'seeds'> = { domains: 6, strategies: 4, items: 200 };
const kinds: Readonly<Record<string, Omit<Simulation, 'seeds'>>> = {
  'test sets of 200 items': plain,
  'test sets of 20 items, many ties': { ...plain, items: 20 },
  'three in four trainings give the same model': { ...plain, copies: 0.75 },
  'one training in ten comes to nothing': { ...plain, collapse: 0.1 },
  'splits resampled, 80 of 400 items': { ...plain, items: 80, resampledFrom: 400 },
};

const claimsDifference = ({ verdict }: Verdict) => verdict === 'better' || verdict === 'worse';

async function identical(): Promise<void> {
  console.log(
    `${benchmarks} benchmarks each of ${plain.strategies} identical strategies on ${plain.domains} domains, alpha ${ALPHA}, delta ${DELTA}`,
  );
  console.log(
    '| scores | seeds | benchmarks with a wrong verdict | comparisons with one | an uncorrected t would have | verdicts given none |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const [name, kind] of Object.entries(kinds).filter(([name]) => name.includes(only ?? ''))) {
    for (const seeds of [3, 5, 8, 10]) {
      const random = new RandomStream('false-verdicts').child(name, seeds);
      const counts = await countVerdicts(
        benchmarks,
        (index) => simulatedCells({ ...kind, seeds }, random.child(index)),
        claimsDifference,
      );
      console.log(
        `| ${name} | ${seeds} | ${percent(counts.wrongBenchmarks, benchmarks)} | ${percent(counts.wrong, counts.comparisons)} | ${percent(counts.uncorrected, counts.comparisons)} | ${percent(counts.kinds['too-few-seeds'], counts.comparisons)} |`,
      );
    }
  }
}

async function leading(): Promise<void> {
  console.log(
    '\nOne strategy leads: how often it is found better, is called worse, or stays undecided, in the same family.',
  );
  console.log(
    '| lead in accuracy, about | seeds | better | worse | undecided | another wrong verdict in the benchmark |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const lead of [0.25, 0.5]) {
    for (const seeds of [5, 8, 10]) {
      const random = new RandomStream('true-difference').child(lead, seeds);
      const last = strategyName(plain.strategies - 1);
      const found = { better: 0, worse: 0, undecided: 0, equivalent: 0, 'too-few-seeds': 0 };
      const counts = await countVerdicts(
        benchmarks / 5,
        (index) => simulatedCells({ ...plain, seeds, lead }, random.child(index)),
        (verdict) => {
          if (verdict.a === last) found[verdict.verdict]++;
          return verdict.a !== last && claimsDifference(verdict);
        },
      );
      const all = (benchmarks / 5) * plain.domains;
      console.log(
        `| ${(0.16 * lead).toFixed(2)} | ${seeds} | ${percent(found.better, all)} | ${percent(found.worse, all)} | ${percent(found.undecided, all)} | ${percent(counts.wrongBenchmarks, benchmarks / 5)} |`,
      );
    }
  }
}

async function deltaApart(): Promise<void> {
  console.log(
    '\nNormal scores of deviation 0.004: strategies that differ by delta exactly, where `equivalent` is wrong, and by nothing, where it is right.',
  );
  console.log('| true difference | seeds | benchmarks with a wrong verdict | called equivalent |');
  console.log('| --- | --- | --- | --- |');
  for (const difference of [DELTA, 0]) {
    for (const seeds of [5, 8, 10]) {
      const random = new RandomStream('equivalence').child(difference, seeds);
      const counts = await countVerdicts(
        benchmarks,
        (index) => normalCells({ ...plain, seeds }, { difference, deviation: 0.004 }, random.child(index)),
        (verdict) => (difference === 0 ? claimsDifference(verdict) : verdict.verdict === 'equivalent'),
      );
      console.log(
        `| ${difference} | ${seeds} | ${percent(counts.wrongBenchmarks, benchmarks)} | ${percent(counts.kinds.equivalent, counts.comparisons)} |`,
      );
    }
  }
}

await identical();
if (only === undefined) {
  await leading();
  await deltaApart();
}
