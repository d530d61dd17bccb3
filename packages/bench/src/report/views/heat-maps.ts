import { grid, heatMap, html, type Html } from '@headstart/core/pages';
import { addressOf } from '../address.ts';
import { heatMapGroups, type GridCell, type HeatMapGrid, type HeatMapGroup } from '../figures/heat-map-grids.ts';
import { decimal, plusMinus, signed } from '../rounded.ts';
import { capped } from './capped.ts';
import type { Shown } from './shown.ts';

/** As many cells as heat maps have together unless others are chosen; the first group has all of its own. */
const MOST_CELLS = 1200;
/** Rem that a heat map wants. */
const LEAST = 20;
const CORNER = 'trained on ↓ tested on →';

/** What a metric's colours stand for: the same in all of its heat maps, so that they can be compared. */
interface Ends {
  readonly scores: readonly [number, number];
  readonly differences: readonly [number, number];
}

/** For each strategy a heat map of its scores, and one of its differences to the baseline, what is trained on by what is tested on. */
export function heatMaps({ cells, data }: Shown): Html | undefined {
  const all = heatMapGroups(cells, data.cells, data.baseline);
  return capped(all, withinRoom(all), 'groups of heat maps', (groups) => {
    const ends = new Map(
      groups.map(({ metric }) => [metric, endsOf(groups.filter((group) => group.metric === metric))]),
    );
    return html`${groups.map((group) => groupHtml(group, ends.get(group.metric)!, data.baseline))}`;
  });
}

/** How many groups have room. */
function withinRoom(groups: readonly HeatMapGroup[]): number {
  let room = MOST_CELLS;
  const beyond = groups.findIndex(({ grids }) => {
    room -= grids.reduce((sum, { rows, columns }) => sum + rows.length * columns.length, 0);
    return room < 0;
  });
  return beyond < 0 ? groups.length : Math.max(1, beyond);
}

function endsOf(groups: readonly HeatMapGroup[]): Ends {
  const cells = groups.flatMap(({ grids }) => grids.flatMap((each) => each.cells.flat()));
  const ends = (values: readonly number[]) => [Math.min(...values), Math.max(...values)] as const;
  return {
    scores: ends(cells.flatMap((cell) => cell?.mean ?? [])),
    differences: ends([0, ...cells.flatMap((cell) => cell?.difference ?? [])]),
  };
}

function groupHtml({ title, metric, grids }: HeatMapGroup, ends: Ends, baseline: string): Html {
  const differences = grids.flatMap((each) => differenceMap(each, metric, ends.differences, baseline) ?? []);
  return html`<h3>${title}</h3>${grid(
    grids.map((each) => scoreMap(each, metric, ends.scores)),
    LEAST,
  )}${differences.length > 0 && grid(differences, LEAST)}`;
}

function scoreMap({ strategy, columns, rows, cells }: HeatMapGrid, metric: string, domain: Ends['scores']): Html {
  return heatMap({
    caption: `${strategy}: ${metric}`,
    corner: CORNER,
    columns,
    domain,
    format: (value) => decimal(value),
    rows: rows.map((row, i) => ({
      title: row,
      cells: cells[i]!.map((cell) => {
        if (!cell) return {};
        if (cell.mean === null) return { content: linked(cell, 'failed') };
        return {
          value: cell.mean,
          content: linked(cell, decimal(cell.mean)),
          note: plusMinus(cell.mean, cell.interval),
        };
      }),
    })),
  });
}

function differenceMap(
  { strategy, columns, rows, cells }: HeatMapGrid,
  metric: string,
  domain: Ends['differences'],
  baseline: string,
): Html | undefined {
  if (cells.flat().every((cell) => cell === undefined || cell.difference === null)) return undefined;
  const write = (value: number) => signed(decimal(value));
  return heatMap({
    caption: `${strategy} minus ${baseline}: ${metric}`,
    corner: CORNER,
    columns,
    domain,
    scale: 'diverging',
    format: write,
    rows: rows.map((row, i) => ({
      title: row,
      cells: cells[i]!.map((cell) =>
        cell && cell.difference !== null
          ? { value: cell.difference, content: linked(cell, write(cell.difference)) }
          : {},
      ),
    })),
  });
}

function linked({ key }: GridCell, text: string): Html {
  return html`<a href="${addressOf({ cell: key })}">${text}</a>`;
}
