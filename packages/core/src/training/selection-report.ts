import type { Sample } from '../domains/target-domain.ts';
import { DEFAULT_SELECTION, UNLABELLED_CRITERIA, type Selection } from '../options/criteria.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { PhaseSelection } from '../runs/selection.ts';
import { bestOf, type Monitor } from './epoch-choice.ts';
import type { Run } from './run.ts';

/** What each way would have kept of the phases whose epochs were judged on unlabelled samples; nothing where none were. */
export function selectionReport<S extends Sample>({
  transfer,
  state,
}: Pick<Run<S>, 'transfer' | 'state'>): PhaseSelection[] | undefined {
  const found: PhaseSelection[] = [];
  let from = 0;
  for (const { phase, of } of state.chosen) {
    const history = state.history.slice(from, (from += of));
    if (!history.some(({ unlabelled }) => unlabelled)) continue;
    found.push({ phase, by: transfer.select ?? DEFAULT_SELECTION, would: waysOf(transfer.task.monitor, history) });
  }
  return found.length > 0 ? found : undefined;
}

function waysOf(monitor: Monitor, history: readonly EpochInfo[]): PhaseSelection['would'] {
  const judged = (rule: Monitor, of: 'validation' | 'unlabelled') => {
    const best = bestOf(rule, history, of);
    return best && { epoch: best.epoch, value: best[of]![rule.metric]! };
  };
  const ways: [Selection, PhaseSelection['would'][Selection]][] = [
    ['last', { epoch: history.at(-1)!.epoch }],
    ['source-validation', judged(monitor, 'validation')],
    ...UNLABELLED_CRITERIA.map((metric): (typeof ways)[number] => [
      metric,
      judged({ metric, mode: 'max' }, 'unlabelled'),
    ]),
  ];
  return Object.fromEntries(ways.filter(([, way]) => way !== undefined));
}
