import { basename } from 'node:path';
import { html, type Html } from '../../pages/html.ts';
import { htmlPage, type PageSection } from '../../pages/html-page.ts';
import { facts, notices, type Fact, type NoticeKind } from '../../pages/parts/parts.ts';
import type { DataWarning } from '../../domains/reading-notes.ts';
import type { Splits } from '../count-splits.ts';
import type { FoundNear } from '../near/find-near.ts';
import type { Inspection } from '../inspection.ts';
import type { View } from '../looked-at.ts';
import { shownSamples } from '../shown-samples.ts';
import { classBars } from './class-bars.ts';
import { contactSheet } from './contact-sheet.ts';
import { count } from './count.ts';
import { nearSheet, type NearSheetOptions } from './near-sheet.ts';
import { INSPECTION_STYLE } from './page-style.ts';
import { sampleTable } from './sample-table.ts';

/** What a page of an inspection shows beside its numbers. */
export interface InspectedSamples {
  readonly splits: Splits;
  readonly names: readonly string[];
  readonly view: View;
  /** What is nearly the same. */
  readonly near?: FoundNear;
}

/** A page of an inspection that is complete in itself: warnings, counts, and samples to look at. @returns HTML */
export async function inspectionPage(inspection: Inspection, samples: InspectedSamples): Promise<string> {
  const { names, splits, view, near } = samples;
  const groups = shownSamples(splits, names.length);
  const first = groups[0]?.samples[0];
  const pictures = first && view(first).picture !== undefined;
  const shown = pictures ? await contactSheet(groups, names, view) : sampleTable(groups, names, view);
  const { labels, objects, warnings, unchecked, error } = inspection;
  const problems = warnings.length + unchecked.length + (error ? 1 : 0);
  return htmlPage({
    title: `What train would read of ${basename(inspection.target)}`,
    lead: inspection.target,
    style: INSPECTION_STYLE,
    body: facts(known(inspection)),
    sections: [
      { title: 'What looks wrong', note: problems > 0 ? count(problems) : undefined, body: problemsOf(inspection) },
      ...(labels.length > 0
        ? [
            {
              title: 'Classes',
              note: `${count(labels.length)}${objects ? ', counted in boxes' : ''}`,
              body: classBars(inspection),
            },
          ]
        : []),
      ...(await nearSections(near, { names, view }, inspection.near?.against)),
      { title: pictures ? 'Pictures' : 'Samples', body: shown },
    ],
  });
}

/** Side by side what is nearly the same: by contents, and by embeddings. @param against the other data's id */
async function nearSections(
  near: FoundNear | undefined,
  options: NearSheetOptions,
  against?: string,
): Promise<PageSection[]> {
  const { between = [], embeddings } = near ?? {};
  const kinds = [
    { title: 'Nearly the same', between },
    ...(embeddings ? [{ title: `Hardly to be told apart by ${embeddings.source}`, between: embeddings.between }] : []),
  ];
  const sections: PageSection[] = [];
  for (const { title, between: found } of kinds) {
    if (found.length === 0) continue;
    const samples = found.reduce((sum, each) => sum + each.samples, 0);
    sections.push({ title, note: `${count(samples)} samples`, body: await nearSheet(found, options, against) });
  }
  return sections;
}

/** What is known of the data. */
function known(inspection: Inspection): Fact[] {
  const { reader, why, task, splits, samples, objects, table, groups, unlabelled, passedOver, cleaned, skipped } =
    inspection;
  const { train, validation, test } = samples;
  const sum = (counts: typeof samples) => counts.train + counts.validation + counts.test;
  const known: (Fact | undefined | false)[] = [
    ['reader', `${reader}: ${why}`],
    ['task', task],
    [
      'samples',
      `train ${count(train)}, validation ${count(validation)}, test ${count(test)}; splits ${splits === 'drawn' ? 'drawn by the seed' : 'of the data'}`,
    ],
    table && [
      'columns',
      table.columns.map(({ name, role }) => (role === undefined ? name : `${name} → ${role}`)).join(', '),
    ],
    groups && [
      'groups',
      `${count(groups.groups)}, the largest of ${count(groups.largest.samples)} samples (${groups.largest.group}); ${count(groups.alone)} samples in none`,
    ],
    objects && ['boxes', `${count(sum(objects.boxes))}; ${count(sum(objects.empty))} pictures without any`],
    unlabelled && ['unlabelled', `${count(unlabelled.count)}: ${listed(unlabelled.samples)}`],
    ...passedOver.map(
      ({ what, count: many, examples }): Fact => ['passed over', `${what} (${count(many)}): ${examples.join(', ')}`],
    ),
    skipped.length > 0 && ['skipped', `${count(skipped.length)}: ${listed(skipped)}`],
    ...cleaned.map(({ message }): Fact => ['cleaned', message]),
  ];
  return known.filter((fact) => fact !== undefined && fact !== false);
}

/** The first few samples, each with its reason. */
function listed(samples: readonly { readonly id: string; readonly reason: string }[]): string {
  const shown = samples.slice(0, 5).map(({ id, reason }) => `${id} (${reason})`);
  return [...shown, ...(samples.length > 5 ? ['…'] : [])].join(', ');
}

function problemsOf({ warnings, unchecked, error }: Inspection): Html {
  const notice = (kind: NoticeKind, { code, message, hint, samples }: DataWarning) => ({
    kind,
    message: html`${message} <code class="dim">${code}</code>`,
    details: [...(samples.length > 0 ? [html`<span class="dim">${samples.join(', ')}</span>`] : []), hint],
  });
  const list = [
    ...(error ? [notice('bad', { ...error, samples: [] })] : []),
    ...warnings.map((warning) => notice('warn', warning)),
    ...unchecked.map(({ code, why }) => notice('plain', { code, message: 'Not looked for.', hint: why, samples: [] })),
  ];
  return notices(list.length > 0 ? list : [{ kind: 'good', message: 'Nothing looks wrong.' }]);
}
