import { OUTCOMES, type Outcome, type Verdict } from './judge.ts';
import type { Observation } from './observation.ts';
import type { BeforeOutcome, Row } from './rows.ts';

export interface JudgedRow extends Verdict {
  readonly row: Row;
  readonly observed: Observation;
}

/** What the field report's words are among our outcomes. */
const BEFORE: Readonly<Record<BeforeOutcome, string>> = {
  right: 'right',
  'no hint': 'right, but a hint is missing',
  refused: 'refused clearly',
  unsupported: 'refused clearly: not supported',
  silent: 'SILENTLY WRONG',
  misleading: 'misleading',
  readable: 'refused though readable',
};

/** Counts an outcome, as the report had them and as they are. */
export function countLines(judged: readonly JudgedRow[]): string {
  const before = counts(
    judged.map(({ row }) => BEFORE[row.before]),
    Object.values(BEFORE),
  );
  const now = counts(
    judged.map(({ outcome }) => outcome),
    OUTCOMES,
  );
  return [`${judged.length} cases`, `before: ${before}`, `now:    ${now}`].join('\n');
}

function counts(outcomes: readonly string[], order: readonly string[]): string {
  return order
    .map((name) => [name, outcomes.filter((outcome) => outcome === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** One case in full: what was read or said, and what differs from what is right. */
export function described({ row, observed, outcome, differences }: JudgedRow, cases: string): string {
  const lines = [`${row.name}${row.options && ` [${row.options}]`}: ${outcome}`, `  ${row.input}`];
  if (observed.kind === 'read') {
    const { reader, task, labels, splits, unlabelled, objects, area, examples, said } = observed;
    lines.push(
      `  ${reader} → ${task}; labels ${JSON.stringify(labels)}; ${splits.join('/')}; unlabelled ${unlabelled}`,
    );
    if (objects > 0) lines.push(`  ${objects} objects, ${area.toFixed(1)} square pixels`);
    lines.push(...examples.map((example) => `  e.g. ${example}`), ...said.map((text) => `  said: ${text}`));
  } else if (observed.kind === 'refused') {
    lines.push(`  [${observed.code}] ${observed.message}`, `  ${observed.hint}`);
  }
  lines.push(...differences.map((text) => `  not as expected: ${text}`));
  return lines.join('\n').replaceAll(cases, '…');
}

/** The whole table in Markdown, without this machine's paths. */
export function tableOf(judged: readonly JudgedRow[], cases: string): string {
  const cell = (text: string) => text.replaceAll(cases, '…').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
  const rows = judged.map(({ row, observed, outcome }) =>
    [row.name, row.input, row.options, BEFORE[row.before], outcome, found(observed)].map(cell).join(' | '),
  );
  const order = (outcome: Outcome) => judged.filter((one) => one.outcome === outcome).length;
  return `# Data as people lay them out

Every case of the field report of 28 November 2026, read as \`train\` would before its first step, and judged by what is
right for it (\`tools/data-layouts/expected\`). Made by \`npm run measure -- data-layouts <archive>\`.

| outcome | before | now |
| --- | ---: | ---: |
${[...new Set([...Object.values(BEFORE), ...OUTCOMES])]
  .map(
    (name) => [name, judged.filter(({ row }) => BEFORE[row.before] === name).length, order(name as Outcome)] as const,
  )
  .map(([name, before, now]) => `| ${name} | ${before} | ${now} |`)
  .join('\n')}
| all | ${judged.length} | ${judged.length} |

| case | input | options | before | now | what is read or said |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function found(observed: Observation): string {
  if (observed.kind === 'refused') return `[${observed.code}] ${observed.message}`.slice(0, 240);
  if (observed.kind !== 'read') return observed.message.slice(0, 240);
  const { reader, task, labels, splits, objects, said } = observed;
  const boxes = objects > 0 ? `; ${objects} boxes` : '';
  const codes = said.map((text) => text.split(':', 1)[0]).filter((code, i, all) => all.indexOf(code) === i);
  const remarks = codes.length > 0 ? `; said: ${codes.join(', ')}` : '';
  return `${reader} → ${task}; ${labels.slice(0, 6).join(', ')}; ${splits.join('/')}${boxes}${remarks}`.slice(0, 240);
}
