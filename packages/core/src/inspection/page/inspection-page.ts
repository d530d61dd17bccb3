import { basename } from 'node:path';
import { escapeXml } from '../../pages/escape-xml.ts';
import { htmlPage } from '../../pages/html-page.ts';
import type { DataWarning } from '../../domains/reading-notes.ts';
import type { Splits } from '../count-splits.ts';
import type { Inspection } from '../inspection.ts';
import type { View } from '../looked-at.ts';
import { shownSamples } from '../shown-samples.ts';
import { classBars } from './class-bars.ts';
import { contactSheet } from './contact-sheet.ts';
import { count, htmlTable } from './page-parts.ts';
import { PAGE_STYLE } from './page-style.ts';
import { sampleTable } from './sample-table.ts';

/** What a page of an inspection shows beside its numbers. */
export interface InspectedSamples {
  readonly splits: Splits;
  readonly names: readonly string[];
  readonly view: View;
}

/** A page of an inspection that is complete in itself: warnings, counts, and samples to look at. @returns HTML */
export async function inspectionPage(inspection: Inspection, samples: InspectedSamples): Promise<string> {
  const { names, splits, view } = samples;
  const groups = shownSamples(splits, names.length);
  const first = groups[0]?.samples[0];
  const pictures = first && view(first).picture !== undefined;
  const shown = pictures ? await contactSheet(groups, names, view) : sampleTable(groups, names, view);
  const body = `${htmlTable([], facts(inspection), { kind: 'facts' })}
${problems(inspection)}
${classBars(inspection)}
<h2>${pictures ? 'Pictures' : 'Samples'}</h2>${shown}`;
  return htmlPage({ title: `What train would read of ${basename(inspection.target)}`, style: PAGE_STYLE, body });
}

function facts(inspection: Inspection): string[][] {
  const { reader, why, task, splits, samples, objects, table, unlabelled, passedOver, cleaned, skipped } = inspection;
  const { train, validation, test } = samples;
  const listed = (of: readonly { readonly id: string; readonly reason: string }[]) =>
    of
      .slice(0, 5)
      .map(({ id, reason }) => `${id} (${reason})`)
      .join(', ') + (of.length > 5 ? ', …' : '');
  const sum = (counts: typeof samples) => counts.train + counts.validation + counts.test;
  return [
    ['target', inspection.target],
    ['reader', `${reader}: ${why}`],
    ['task', task],
    [
      'samples',
      `train ${count(train)}, validation ${count(validation)}, test ${count(test)}; splits ${splits === 'drawn' ? 'drawn by the seed' : 'of the data'}`,
    ],
    ...(table
      ? [
          [
            'columns',
            table.columns.map(({ name, role }) => (role === undefined ? name : `${name} → ${role}`)).join(', '),
          ],
        ]
      : []),
    ...(objects ? [['boxes', `${count(sum(objects.boxes))}; ${count(sum(objects.empty))} pictures without any`]] : []),
    ...(unlabelled ? [['unlabelled', `${count(unlabelled.count)}: ${listed(unlabelled.samples)}`]] : []),
    ...passedOver.map(({ what, count: many, examples }) => [
      'passed over',
      `${what} (${count(many)}): ${examples.join(', ')}`,
    ]),
    ...(skipped.length > 0 ? [['skipped', `${count(skipped.length)}: ${listed(skipped)}`]] : []),
    ...cleaned.map(({ message }) => ['cleaned', message]),
  ];
}

function problems({ warnings, unchecked, error }: Inspection): string {
  const item = (kind: string, { code, message, hint, samples }: DataWarning) => {
    const named = samples.length > 0 ? `<p class="named">${samples.map(escapeXml).join(', ')}</p>` : '';
    return `<li class="${kind}"><b>${escapeXml(message)}</b> <code>${escapeXml(code)}</code>${named}<p>${escapeXml(hint)}</p></li>`;
  };
  const items = [
    ...(error ? [item('refused', { ...error, samples: [] })] : []),
    ...warnings.map((warning) => item('warned', warning)),
    ...unchecked.map(({ code, why }) =>
      item('unchecked', { code, message: 'Not looked for.', hint: why, samples: [] }),
    ),
  ];
  if (items.length === 0) return '<p class="well">Nothing looks wrong.</p>';
  return `<ul class="problems">${items.join('\n')}</ul>`;
}
