import { dataTable, html, type Html } from '@headstart/core/pages';
import { addressOf } from '../address.ts';
import { counted, placeName } from '../names.ts';
import type { ReportData } from '../report-data.ts';

/** As many kinds of failures as are listed. */
const MOST = 100;

/** What failed, and what could not be run: a row for each reason, with the cells that it keeps from having a number. */
export function problemRuns({ cells, refused }: ReportData): Html {
  const failed = cells.flatMap((cell) =>
    cell.runs.flatMap(({ error }) => (error ? [{ ...error, place: cell, key: cell.key }] : [])),
  );
  return html`${table('Failed runs', failed)}${table(
    'Refused runs',
    refused.map((run) => ({ ...run, place: run })),
  )}`;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly place: Parameters<typeof placeName>[0];
  readonly key?: string;
}

function table(title: string, problems: readonly Problem[]): Html | undefined {
  if (problems.length === 0) return undefined;
  const reasons = new Map<string, Problem[]>();
  for (const problem of problems) {
    const reason = JSON.stringify([problem.code, problem.message, problem.hint]);
    const same = reasons.get(reason);
    if (same) same.push(problem);
    else reasons.set(reason, [problem]);
  }
  const all = [...reasons.values()];
  return html`<h3>${title}</h3>${dataTable({
    caption: `${counted(problems.length, 'run')}, ${counted(all.length, 'reason')}${all.length > MOST ? `, the first ${MOST} of them` : ''}`,
    wide: true,
    columns: [
      { title: 'reason', sentences: true },
      { title: 'what to do', sentences: true },
      { title: 'runs', numeric: true },
      'the first of them',
    ],
    rows: all.slice(0, MOST).map((same) => {
      const [{ code, message, hint, place, key }] = same as [Problem];
      const name = placeName(place);
      return [
        html`${message} <code>${code}</code>`,
        hint,
        same.length,
        key === undefined ? name : html`<a href="${addressOf({ cell: key })}">${name}</a>`,
      ];
    }),
  })}`;
}
