import type { Amount } from '../../gains/gain.ts';
import { byteSize, confidence, decimal, duration, pText } from '../rounded.ts';
import { costOf } from '../figures/method-costs.ts';
import type { ReportCell, ReportData } from '../report-data.ts';
import { VERDICT_WORDS } from '../verdict-words.ts';
import type { NumberCell, TableCell, TextTable } from './text-table.ts';

/** The tables that lie beside a report. Of what another run of the same cells finds otherwise only `cost` has something. */
export function reportTables(data: ReportData): TextTable[] {
  return [resultsTable(data), verdictsTable(data), rankingsTable(data), gainsTable(data), costTable(data)];
}

const PLACE = ['source', 'trained on', 'adapted to', 'tested on', 'strategy', 'shots'].map((title) => ({ title }));

function place({ source, train, adapt, test, strategy, shots }: ReportCell): TableCell[] {
  return [source, train, adapt, test, strategy, shots === 'all' ? 'all' : whole(shots)];
}

const whole = (value: number): NumberCell => ({ value, text: String(value) });

function resultsTable({ name, alpha, cells }: ReportData): TextTable {
  return {
    name: 'results',
    title: `${name}: mean over the seeds ± half of its ${confidence(alpha)} interval (Student's t)`,
    columns: [
      ...PLACE,
      { title: 'metric' },
      { title: 'mean', kind: 'interval' },
      { title: 'seeds', kind: 'number' },
      { title: 'failed', kind: 'number' },
    ],
    rows: cells.map((cell) => {
      const done = cell.runs.filter(({ state }) => state === 'done').length;
      const mean = cell.mean === null ? null : { value: cell.mean, interval: cell.interval };
      return [...place(cell), cell.metric, mean, whole(done), whole(cell.runs.length - done)];
    }),
  };
}

function verdictsTable({ name, verdicts }: ReportData): TextTable {
  return {
    name: 'verdicts',
    title: `${name}: verdicts`,
    columns: [
      { title: 'a' },
      { title: 'b' },
      { title: 'on' },
      { title: 'metric' },
      { title: 'verdict' },
      { title: 'a − b', kind: 'interval' },
      { title: 'p', kind: 'number' },
      { title: 'p corrected', kind: 'number' },
      { title: 'effect', kind: 'number' },
      { title: 'seeds', kind: 'number' },
      { title: 'more seeds', kind: 'number' },
      { title: 'family' },
    ],
    rows: verdicts.map((verdict) => [
      verdict.a,
      verdict.b,
      verdict.on,
      verdict.metric,
      VERDICT_WORDS[verdict.verdict],
      verdict.difference === null ? null : { value: verdict.difference, interval: verdict.interval },
      probability(verdict.p),
      probability(verdict.pCorrected),
      verdict.effect === null ? null : { value: verdict.effect, text: decimal(verdict.effect, 2) },
      whole(verdict.seeds),
      verdict.moreSeeds === undefined ? null : whole(verdict.moreSeeds),
      verdict.family,
    ]),
  };
}

function rankingsTable({ name, rankings }: ReportData): TextTable {
  return {
    name: 'rankings',
    title: `${name}: mean ranks over test domains, and the groups that are not told apart`,
    columns: [
      { title: 'over' },
      { title: 'strategy' },
      { title: 'mean rank', kind: 'number' },
      { title: 'groups' },
      { title: 'mean score', kind: 'number' },
      { title: 'domains', kind: 'number' },
      { title: 'p', kind: 'number' },
    ],
    rows: rankings.flatMap(({ on, domains, entries, p }) =>
      entries.map(({ strategy, rank, mean, groups }) => [
        on,
        strategy,
        { value: rank, text: decimal(rank, 2) },
        groups.map(groupLetter).join(''),
        mean === null ? null : { value: mean },
        whole(domains.length),
        probability(p),
      ]),
    ),
  };
}

/** a, b, …, z, then a1, b1, … */
export function groupLetter(group: number): string {
  const round = Math.floor(group / 26);
  return `${String.fromCharCode(97 + (group % 26))}${round === 0 ? '' : round}`;
}

function gainsTable({ name, gains }: ReportData): TextTable {
  return {
    name: 'gains',
    title: `${name}: what transfer gains`,
    columns: [
      { title: 'gain' },
      { title: 'a' },
      { title: 'b' },
      { title: 'on' },
      { title: 'metric' },
      { title: 'as' },
      { title: 'bound' },
      { title: 'gain of a', kind: 'interval' },
      { title: 'of a', kind: 'interval' },
      { title: 'of b', kind: 'interval' },
      { title: 'seeds', kind: 'number' },
    ],
    rows: gains.map(({ kind, a, b, on, metric, scale, gain, ofA, ofB, seeds }) => [
      kind,
      a,
      b,
      on,
      metric,
      scale,
      gain.bound ?? '',
      amount(gain),
      amount(ofA),
      amount(ofB),
      whole(seeds),
    ]),
  };
}

function amount({ value, interval }: Amount): NumberCell | null {
  return value === null ? null : { value, interval };
}

function costTable({ name, cells }: ReportData): TextTable {
  return {
    name: 'cost',
    title: `${name}: seconds of a run and memory, as they were measured`,
    columns: [...PLACE, { title: 'seconds', kind: 'number' }, { title: 'memory', kind: 'number' }],
    rows: cells.flatMap((cell) => {
      const cost = costOf(cell);
      if (!cost) return [];
      const { seconds, memory } = cost;
      return [[...place(cell), { value: seconds, text: duration(seconds) }, { value: memory, text: byteSize(memory) }]];
    }),
  };
}

function probability(p: number | null): NumberCell | null {
  return p === null ? null : { value: p, text: pText(p) };
}
