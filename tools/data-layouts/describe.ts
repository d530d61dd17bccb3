import { OUTCOMES, SOUND } from './judge.ts';
import type { Judged } from './judge-all.ts';
import type { Observation } from './observation.ts';
import type { BeforeOutcome } from './rows.ts';

export type { Judged } from './judge-all.ts';

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

/** Whether what became of a case is none of what may become of it. */
export const failed = ({ outcome }: Judged): boolean => !SOUND.includes(outcome);

const beforeOf = ({ before }: Judged) => (before === undefined ? '' : BEFORE[before]);

/** Counts an outcome, as the report had them and as they are. */
export function countLines(judged: readonly Judged[]): string {
  const before = counts(judged.map(beforeOf), Object.values(BEFORE));
  const now = counts(
    judged.map(({ outcome }) => outcome),
    OUTCOMES,
  );
  return [`${judged.length} cases`, ...(before ? [`before: ${before}`] : []), `now:    ${now}`].join('\n');
}

function counts(outcomes: readonly string[], order: readonly string[]): string {
  return order
    .map((name) => [name, outcomes.filter((outcome) => outcome === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

/** One case in full: what was read or said, and what differs from what is right. */
export function described({ name, options, input, observed, outcome, differences, root }: Judged): string {
  const lines = [`${name}${options ? ` [${options}]` : ''}: ${outcome}`, `  ${input}`];
  if (observed.kind === 'read') {
    const { reader, task, labels, splits, unlabelled, objects, area, examples, said } = observed;
    lines.push(
      `  ${reader} → ${task}; labels ${JSON.stringify(labels)}; ${splits.join('/')}; unlabelled ${unlabelled}`,
    );
    if (objects > 0) lines.push(`  ${objects} objects, ${area?.toFixed(1) ?? 'unknown'} square pixels`);
    lines.push(...examples.map((example) => `  e.g. ${example}`), ...said.map((text) => `  said: ${text}`));
  } else if (observed.kind === 'refused') {
    lines.push(`  [${observed.code}] ${observed.message}`, `  ${observed.hint}`);
  }
  lines.push(...differences.map((text) => `  not as expected: ${text}`));
  return lines.join('\n').replaceAll(root, '…');
}

/** The whole table in Markdown, without this machine's paths. */
export function tableOf(judged: readonly Judged[], others: readonly Judged[]): string {
  const outcomes = [...new Set([...Object.values(BEFORE), ...OUTCOMES])].map((name) => {
    const before = judged.filter((one) => beforeOf(one) === name).length;
    const [now, further] = [judged, others].map((all) => all.filter(({ outcome }) => outcome === name).length);
    return `| ${name} | ${before} | ${now} | ${further} |`;
  });
  const rows = judged.map((one) =>
    [one.name, one.input, one.options ?? '', beforeOf(one), one.outcome, found(one.observed)]
      .map((text) => cell(text, one.root))
      .join(' | '),
  );
  return `# Data as people lay them out

Every case of the field report of 28 November 2026, and further data of the same kinds that are made by code, read as
\`train\` would before its first step, and judged by what is right for them (\`tools/data-layouts\`). Made by
\`npm run measure -- data-layouts <archive>\`.

| outcome | report, before | report, now | further, now |
| --- | ---: | ---: | ---: |
${outcomes.join('\n')}
| all | ${judged.length} | ${judged.length} | ${others.length} |

| case | input | options | before | now | what is read or said |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function cell(text: string, root: string): string {
  return text.replaceAll(root, '…').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function found(observed: Observation): string {
  if (observed.kind === 'refused') return `[${observed.code}] ${observed.message}`.slice(0, 240);
  if (observed.kind !== 'read') return observed.message.slice(0, 240);
  const { reader, task, labels, splits, objects, said } = observed;
  const boxes = objects > 0 ? `; ${objects} boxes` : '';
  const codes = said
    .filter((text) => !text.startsWith('column '))
    .map((text) => text.split(':', 1)[0])
    .filter((code, i, all) => all.indexOf(code) === i);
  const remarks = codes.length > 0 ? `; said: ${codes.join(', ')}` : '';
  return `${reader} → ${task}; ${labels.slice(0, 6).join(', ')}; ${splits.join('/')}${boxes}${remarks}`.slice(0, 240);
}
