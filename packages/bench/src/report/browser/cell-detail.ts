import { facts, html, notices, opening, type Html } from '@headstart/core/pages';
import { confidence, decimal, duration, byteSize, plusMinus } from '../rounded.ts';
import { counted, distinct, placeName } from '../names.ts';
import type { ReportCell, ReportData, ReportRun } from '../report-data.ts';
import { reproduceCommand } from './reproduce.ts';
import { runsTable } from './runs-table.ts';
import { worstItems } from './worst-items.ts';

/** All that is known of a cell: its runs, what was chosen for them, what it stands on, and the items that it gets wrong. */
export function cellDetail(cell: ReportCell, data: Pick<ReportData, 'alpha' | 'samples' | 'withheld'>): Html {
  const done = cell.runs.filter(({ state }) => state === 'done');
  const warnings = distinct(cell.runs.flatMap((run) => run.warnings));
  return html`<article class="cell" id="${cell.key}" tabindex="-1" aria-labelledby="${cell.key}-title">
<h3 id="${cell.key}-title">${placeName(cell)}</h3>
<p>${
    cell.mean === null
      ? 'No run of it was done.'
      : html`${cell.metric} <strong>${plusMinus(cell.mean, cell.interval)}</strong> ${cell.interval ? `(mean of ${counted(done.length, 'seed')}, ${confidence(data.alpha)} interval)` : '(one seed: no interval)'}`
  }</p>
${warnings.length > 0 && notices(warnings.map((message) => ({ kind: 'warn', message })))}
${runsTable(cell)}
${failures(cell)}
${worstItems(cell, data)}
${done[0] && choices(done[0])}
${opening('Digests and versions', cell.runs.map(digests))}
<p>Run it again, with the benchmark's configuration: <code class="command">${reproduceCommand(cell)}</code></p>
<button type="button" class="close">Close this cell</button>
</article>`;
}

function failures({ runs }: ReportCell): Html | undefined {
  const failed = runs.flatMap(({ seed, error }) => (error ? [{ seed, ...error }] : []));
  if (failed.length === 0) return undefined;
  return notices(
    failed.map(({ seed, code, message, hint }) => ({
      kind: 'bad',
      message: html`seed ${seed}: ${message} <code>${code}</code>`,
      details: [hint],
    })),
  );
}

/** The choices are those of the first seed: a cell's runs differ by the seed alone. */
function choices(run: ReportRun): Html {
  const samples = Object.entries(run.samples).map(([split, count]) => `${split} ${count.toLocaleString('en-US')}`);
  const { total, features, training, evaluation } = run.seconds;
  const together = run.together > 1 ? `; its steps shared with ${counted(run.together - 1, 'other run')}` : '';
  return opening(
    'Choices, samples and cost',
    facts([
      ...run.choices.map(({ what, value, why }) => [what, `${value}: ${why}`] as const),
      ['samples', samples.join(', ')],
      [
        `time of seed ${run.seed}`,
        `${duration(total)}: features ${duration(features)}, training ${duration(training)}, evaluation ${duration(evaluation)}${together}`,
      ],
      ['memory', byteSize(run.memory)],
      ['score on training samples', run.training === null ? 'not measured' : decimal(run.training)],
    ]),
  );
}

function digests(run: ReportRun): Html {
  const listed = [
    ['record', run.record],
    ['digest', run.digest],
    ...(run.predictions === undefined ? [] : [['predictions', run.predictions] as const]),
    ...Object.entries(run.identity),
  ] as const;
  return html`<h4>Seed ${run.seed}</h4><div class="digests">${facts(listed.map(([name, value]) => [name, html`<code>${value}</code>`]))}</div>`;
}
