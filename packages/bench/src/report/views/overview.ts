import { facts, html, notices, numbers, type Html } from '@headstart/core/pages';
import { benchmarkWarnings, runCounts } from '../benchmark-warnings.ts';
import { filterChoices } from '../filter.ts';
import { counted, distinct, shotsName } from '../names.ts';
import type { ReportData } from '../report-data.ts';
import { pairSentence, pairSummaries } from '../verdict-words.ts';

/** What was compared, on what, and what came of it in words; how many runs there are, and what a reader has to know first. */
export function overview(data: ReportData): Html {
  const pairs = pairSummaries(data.verdicts);
  const warnings = benchmarkWarnings(data);
  return html`${
    pairs.length > 0 &&
    html`<ul class="verdicts">${pairs.map((pair) => html`<li class="${pairKind(pair)}">${pairSentence(pair)}</li>`)}</ul>`
  }${
    warnings.length > 0 && notices(warnings.map((message) => ({ kind: 'warn', message })))
  }${runNumbers(data)}${compared(data)}`;
}

/** The mark of a pair: a side is taken where most comparisons do, and none the other. */
function pairKind({ counts, comparisons }: ReturnType<typeof pairSummaries>[number]): string {
  if (2 * counts.better > comparisons && counts.worse === 0) return 'is-good';
  return 2 * counts.worse > comparisons && counts.better === 0 ? 'is-bad' : 'is-open';
}

function runNumbers(data: ReportData): Html {
  const { planned, done, failed, refused, missing } = runCounts(data);
  const shown: (readonly [string, number])[] = [
    ['runs planned', planned],
    ['done', done],
    ['failed', failed],
    ['refused', refused],
    ...(missing > 0 ? [['not there yet', missing] as const] : []),
  ];
  return numbers(shown.map(([name, count]) => [name, count.toLocaleString('en-US')]));
}

function compared(data: ReportData): Html {
  const { cells } = data;
  const choices = filterChoices(data);
  const several = <T>(values: readonly T[], show: (value: T) => string = String) => values.map(show).join(', ');
  const seeds = distinct(cells.flatMap(({ runs }) => runs.map(({ seed }) => seed))).length;
  const adapted = distinct(cells.flatMap(({ adapt }) => adapt ?? []));
  const listed: readonly (readonly [string, string])[] = [
    ['Sources', several(choices.source)],
    ['Trained on', several(distinct(cells.map(({ train }) => train)))],
    ['Adapted to', several(adapted)],
    ['Tested on', several(distinct(cells.map(({ test }) => test)))],
    ['Strategies', several(choices.strategy, (name) => (name === data.baseline ? `${name} (baseline)` : name))],
    ['Shots', several(choices.shots, shotsName)],
    ['Seeds', counted(seeds, 'seed')],
    ['Measured by', several(distinct(cells.map(({ task, metric }) => `${metric} (${task})`)))],
    ['Counts as none', `a difference below ${data.delta}`],
  ];
  return facts(listed.filter(([, value]) => value !== ''));
}
