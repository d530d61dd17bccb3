import type { DataWarning, ExampleSample, Inspection, LabelCounts } from '@headstart/core/readers';
import type { Console } from './console.ts';
import { formatCount } from './format.ts';
import { pad, table, wrap } from './table.ts';

const LABEL_WIDTH = 13;
/** Classes, and things left aside, that are listed. */
const CLASSES = 20;
const LISTED = 5;

/** What was read, and what looks wrong in it. */
export function printInspection(console: Console, inspection: Inspection): void {
  const { reader, why, task, splits, samples, groups, near, objects, unlabelled, passedOver, skipped } = inspection;
  const fact = factPrinter(console);
  fact('target', inspection.target);
  fact('reader', `${reader} — ${why}`);
  fact('task', task);
  for (const remark of inspection.remarks ?? []) fact('layout', remark);
  printTable(fact, inspection);
  const counts = `train ${formatCount(samples.train)}, validation ${formatCount(samples.validation)}, test ${formatCount(samples.test)}`;
  fact('samples', `${counts}; splits ${splits === 'drawn' ? 'drawn by the seed' : 'of the data'}`);
  if (groups) {
    const { groups: number, largest, alone } = groups;
    fact(
      'groups',
      `${formatCount(number)}, the largest of ${formatCount(largest.samples)} samples (${largest.group}); ${formatCount(alone)} samples in none`,
    );
  }
  if (near) {
    const { compared, of, embeddings } = near;
    const by = embeddings
      ? `; by embeddings of ${embeddings.source}, too, from a cosine of ${embeddings.least} on`
      : '';
    fact('compared', `${formatCount(compared)} different ${of}, for near-duplicates${by}`);
  }
  if (objects) {
    const sum = ({ train, validation, test }: typeof samples) => formatCount(train + validation + test);
    fact('boxes', `${sum(objects.boxes)}; ${sum(objects.empty)} pictures without any`);
  }
  if (unlabelled) fact('unlabelled', `${formatCount(unlabelled.count)}: ${listed(unlabelled.samples)}`);
  for (const { what, count, examples } of passedOver)
    fact('passed over', `${what} (${formatCount(count)}): ${examples.slice(0, LISTED).join(', ')}`);
  if (skipped.length > 0) fact('skipped', `${formatCount(skipped.length)}: ${listed(skipped)}`);
  for (const { message } of inspection.cleaned) fact('cleaned', message);
  printClasses(console, inspection);
  printExamples(console, inspection.examples);
  printWarnings(console, inspection);
}

type Fact = (label: string, text: string) => void;

/** Prints labelled texts, wrapped under themselves. */
function factPrinter(console: Console): Fact {
  return (label, text) => {
    const [first = '', ...rest] = wrap(printable(text), console.width - LABEL_WIDTH);
    console.print(console.outColours.dim(label.padEnd(LABEL_WIDTH)) + first);
    for (const line of rest) console.print(' '.repeat(LABEL_WIDTH) + line);
  };
}

function listed(samples: readonly { readonly id: string; readonly reason: string }[]): string {
  const named = samples.slice(0, LISTED).map(({ id, reason }) => `${id} (${reason})`);
  return [...named, ...(samples.length > LISTED ? ['…'] : [])].join(', ');
}

function printTable(fact: Fact, { table: read }: Inspection): void {
  if (!read) return;
  const { columns, separator, header, encoding, sheet } = read;
  const named = columns.map(({ name, role }) => (role === undefined ? name : `${name} → ${role}`));
  fact('columns', named.join(', '));
  const how = [
    ...(sheet === undefined ? [] : [`sheet "${sheet}"`]),
    ...(separator === undefined ? [] : [`separator ${separatorName(separator)}`]),
    ...(header === undefined ? [] : [header ? 'the first row names the columns' : 'no row names the columns']),
    ...(encoding === undefined ? [] : [encoding]),
  ];
  if (how.length > 0) fact('table', how.join(', '));
}

function separatorName(separator: string): string {
  return { '\t': 'tab', ' ': 'blank' }[separator] ?? `"${separator}"`;
}

function printClasses(console: Console, { labels, objects }: Inspection): void {
  if (labels.length === 0) return;
  console.print();
  const right = { align: 'right' } as const;
  const shown = labels.length > CLASSES + 1 ? labels.slice(0, CLASSES) : labels;
  const row = ({ name, train, validation, test }: LabelCounts) => [
    shorten(printable(name), console.width - 36),
    ...[train, validation, test].map(formatCount),
  ];
  const [heading = '', ...rows] = table(
    [
      { title: objects ? 'boxes of class' : 'class' },
      { title: 'train', ...right },
      { title: 'validation', ...right },
      { title: 'test', ...right },
    ],
    shown.map(row),
    console.width,
  );
  console.print(console.outColours.dim(heading));
  for (const line of rows) console.print(line);
  if (shown.length < labels.length)
    console.print(`… and ${formatCount(labels.length - shown.length)} more classes (--json lists all)`);
}

function printExamples(console: Console, examples: readonly ExampleSample[]): void {
  if (examples.length === 0) return;
  console.print();
  for (const { id, labels, texts, score, objects } of examples) {
    const truth = objects
      ? `${objects.length} ${objects.length === 1 ? 'box' : 'boxes'}${labels.length > 0 ? `: ${labels.join(', ')}` : ''}`
      : score === undefined
        ? labels.join(', ') || 'no label'
        : `score ${score}`;
    const line = [printable(id), ...(texts ?? []).map((text) => JSON.stringify(text))].join('  ');
    const end = ` → ${printable(truth)}`;
    console.print(shorten(line, Math.max(20, console.width - end.length)) + end);
  }
}

function printWarnings(console: Console, { warnings, unchecked, error }: Inspection): void {
  if (warnings.length + unchecked.length > 0 || error) console.print();
  const { outColours: colours } = console;
  for (const [i, { code, message, hint, samples }] of warnings.entries()) {
    printBlock(console, colours.yellow('warning'), `${message} ${colours.dim(`[${code}]`)}`);
    if (samples.length > 0) printBlock(console, '', colours.dim(sampleList(samples)));
    // Several warnings of a kind have one remedy.
    if (warnings[i + 1]?.hint !== hint) printBlock(console, colours.dim('hint'), hint);
  }
  for (const { code, why } of unchecked) printBlock(console, colours.dim('note'), `${why} ${colours.dim(`[${code}]`)}`);
  if (!error) return;
  printBlock(console, colours.red('error'), `${error.message} ${colours.dim(`[${error.code}]`)}`);
  printBlock(console, colours.dim('hint'), error.hint);
}

function sampleList(samples: DataWarning['samples']): string {
  return samples.slice(0, LISTED).map(printable).join(', ') + (samples.length > LISTED ? ', …' : '');
}

const MARGIN = 8;

function printBlock(console: Console, label: string, text: string): void {
  const blanks = ' '.repeat(MARGIN);
  wrap(text, console.width - MARGIN).forEach((line, i) =>
    console.print((i === 0 ? pad(label, MARGIN) : blanks) + line),
  );
}

/** Text without control characters, which a name may have. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
