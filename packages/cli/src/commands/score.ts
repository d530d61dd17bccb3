import { Command } from 'commander';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { ScoreReport } from '../composition.ts';
import type { CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { checkPageFile } from '../options/page-file.ts';
import { formatCount, formatMetric } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

const PAGES = ['report', 'mistakes'] as const;

interface ScoreFlags {
  readonly truth: string;
  readonly predictions: string;
  readonly perClass?: boolean;
  readonly report?: string;
  readonly mistakes?: string;
  readonly json?: boolean;
}

export function scoreCommand(host: CommandHost): Command {
  const command = new Command('score')
    .description("COCO's box metrics of any detector's output; -1 where no object has the size")
    .requiredOption('--truth <gt.json>', 'a COCO file: images, annotations, categories')
    .requiredOption('--predictions <dt.json>', 'a list of image_id, category_id, bbox, score')
    .option('--per-class', 'the numbers of each class, too')
    .option('--report <file.html>', 'write a page of the numbers, curves and confusions')
    .option('--mistakes <file.html>', 'write a page of the worst mistakes by kind; the pictures lie beside the truth');
  return addJsonOption(command).action(async ({ truth, predictions, perClass, json, ...pages }: ScoreFlags) => {
    for (const page of PAGES) checkPageFile(page, pages[page]);
    const score = await host.composition.score(truth, predictions);
    warnOfUnknown(host, score);
    for (const page of PAGES) {
      const file = pages[page];
      if (file === undefined) continue;
      await writeAtomic(file, await host.composition[page](truth, predictions));
      host.console.say(`wrote ${file}`);
    }
    if (json) host.console.json(perClass ? { ...score.metrics, perClass: score.perClass } : score.metrics);
    else for (const line of lines(score, perClass === true)) host.console.print(line);
  });
}

function lines({ metrics, perClass, images, objects, detections }: ScoreReport, classes: boolean): string[] {
  const counts = `${formatCount(detections)} detections of ${formatCount(objects)} objects in ${formatCount(images)} images`;
  const number = { align: 'right' } as const;
  const numbers = table(
    [{ title: '' }, { title: '', ...number }],
    Object.entries(metrics).map(([name, value]) => [name, cell(value)]),
  ).slice(1);
  if (!classes) return [counts, ...numbers];
  const titles = ['objects', 'AP', 'AP50', 'AP75'].map((title) => ({ title, ...number }));
  const rows = perClass.map(({ name, objects: count, AP, AP50, AP75 }) => [
    name,
    formatCount(count),
    cell(AP),
    cell(AP50),
    cell(AP75),
  ]);
  return [counts, ...numbers, '', ...table([{ title: 'class' }, ...titles], rows)];
}

/** A number that is undefined is -1 in programs' hands, as COCO has it, and a dash in people's. */
function cell(value: number): string {
  return value === -1 ? '-' : formatMetric(value);
}

function warnOfUnknown({ console }: CommandHost, { unknownCategories }: ScoreReport): void {
  if (unknownCategories.size === 0) return;
  const count = [...unknownCategories.values()].reduce((sum, each) => sum + each, 0);
  const names = [...unknownCategories.keys()].slice(0, 10).join(', ');
  console.say(
    `${formatCount(count)} detections are of categories that the truth does not have, and do not count: ${names}${unknownCategories.size > 10 ? ', …' : ''}`,
  );
}
