import { dataTable, grid, html, intervalPlot, type Html } from '@headstart/core/pages';
import type { Verdict } from '../../statistics/verdict.ts';
import { confidence, decimal, plusMinus, pText, roundedEnds, signed } from '../rounded.ts';
import { counted, distinct } from '../names.ts';
import { settingNames } from '../figures/setting-names.ts';
import { pairSummaries, VERDICT_WORDS } from '../verdict-words.ts';
import { paged } from './paged.ts';
import type { Shown } from './shown.ts';
import { shownVerdicts } from './shown-verdicts.ts';

/** As many rows as a forest plot has, and as many plots. */
const MOST_ROWS = 30;
const MOST_PLOTS = 6;

/** Every comparison: differences with intervals as a forest plot, and all of its numbers as a table. */
export function verdictViews(shown: Shown): Html | undefined {
  const verdicts = shownVerdicts(shown);
  if (verdicts.length === 0) return undefined;
  const pairs = pairSummaries(verdicts).slice(0, MOST_PLOTS);
  const nameOf = settingNames(verdicts.map(({ at }) => at));
  const plots = pairs.map(({ a, b }) =>
    forest(
      verdicts.filter((one) => one.a === a && one.b === b),
      shown,
      nameOf,
    ),
  );
  return html`${grid(plots)}${verdictTable(verdicts, shown)}`;
}

function forest(
  verdicts: readonly Verdict[],
  { data }: Shown,
  nameOf: (setting: Verdict['at']) => string,
): Html | undefined {
  const known = verdicts.flatMap(({ interval, difference, ...verdict }) =>
    interval && difference !== null ? [{ ...verdict, interval, difference }] : [],
  );
  const [first] = known;
  if (!first) return undefined;
  const rows = known.slice(0, MOST_ROWS);
  const more = known.length > rows.length ? ` The first ${rows.length} of ${known.length} comparisons.` : '';
  return intervalPlot({
    title: `${first.a} minus ${first.b}`,
    description: `Difference of the mean ${first.metric} with its ${confidence(data.alpha)} interval (paired t over seeds), a row for each comparison. Within the zone of ±${data.delta} a difference counts as none.${more}`,
    x: { label: `difference in ${first.metric}`, format: (value) => signed(decimal(value)) },
    reference: 0,
    zone: [-data.delta, data.delta],
    groups: Object.values(VERDICT_WORDS).filter((word) => word !== VERDICT_WORDS['too-few-seeds']),
    rows: rows.map(({ at, difference, interval: [low, high], verdict }) => ({
      name: nameOf(at),
      value: difference,
      low,
      high,
      group: VERDICT_WORDS[verdict],
    })),
  });
}

function verdictTable(verdicts: readonly Verdict[], { pages }: Shown): Html {
  const p = { numeric: true, format: pText };
  const families = distinct(verdicts.map(({ family }) => family)).join('; ');
  const items = verdicts.some((verdict) => verdict.items);
  const notes = verdicts.some((verdict) => verdict.notes.length > 0);
  const caption = `p of the paired t test over seeds, corrected by Holm's method within ${families}. ${
    items
      ? 'The last column is the noise of the test items: the interval of the difference when items are drawn anew. '
      : ''
  }`;
  return paged(verdicts, pages.verdicts, 'verdicts', (rows, page) =>
    dataTable({
      caption: caption + page,
      wide: notes,
      columns: [
        'comparison',
        'on',
        'verdict',
        { title: 'difference', numeric: true },
        { title: 'p corrected', ...p },
        { title: 'p', ...p },
        { title: 'effect g', numeric: true, format: (value: number) => signed(decimal(value, 2)) },
        { title: 'seeds', numeric: true },
        ...(items ? [{ title: 'of the items', numeric: true }] : []),
        ...(notes ? [{ title: 'notes', sentences: true }] : []),
      ],
      rows: rows.map((verdict) => [
        html`<span class="line">${verdict.a} − ${verdict.b}</span>`,
        html`<span class="line">${verdict.on}</span>`,
        html`<span class="line">${words(verdict)}</span>`,
        difference(verdict),
        verdict.pCorrected ?? undefined,
        verdict.p ?? undefined,
        verdict.effect ?? undefined,
        verdict.seeds,
        ...(items ? [itemNoise(verdict)] : []),
        ...(notes ? [verdict.notes.join(' ')] : []),
      ]),
    }),
  );
}

function words({ verdict, moreSeeds }: Verdict): string {
  const word = VERDICT_WORDS[verdict];
  return moreSeeds === undefined ? word : `${word}: ${counted(moreSeeds, 'more seed')}`;
}

/** No pair of seeds leaves no difference. */
function difference({ difference: value, interval }: Verdict) {
  return value === null ? undefined : { content: signed(plusMinus(value, interval)), value };
}

function itemNoise({ items }: Verdict) {
  if (!items) return undefined;
  const [low, high] = roundedEnds(items.interval).map(signed);
  const p = items.p === null ? '' : `, p ${pText(items.p)}`;
  return { content: `${low} to ${high}${p} (${counted(items.count, 'item')})`, value: items.interval[0] };
}
