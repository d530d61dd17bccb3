import type { Sample } from '../domains/target-domain.ts';
import { DEFAULT_SELECTION, UNLABELLED_CRITERIA, type Selection } from '../options/criteria.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { JudgedEpochs, PhaseSelection, WouldKeep } from '../runs/selection.ts';
import { bestOf, type Monitor } from './epoch-choice.ts';
import { judgedEpochs } from './judged-epochs.ts';
import type { Run } from './run.ts';

/** What each way would have kept of the phases whose epochs were judged on unlabelled samples; nothing where none were. */
export function selectionReport<S extends Sample>({
  transfer,
  state,
}: Pick<Run<S>, 'transfer' | 'state'>): PhaseSelection[] | undefined {
  const found: PhaseSelection[] = [];
  let from = 0;
  for (const { phase, epoch, of } of state.chosen) {
    const [start, end] = [from, (from += of)];
    const history = state.history.slice(start, end);
    if (!history.some(({ unlabelled }) => unlabelled)) continue;
    const judged = judgedEpochs(transfer, state.answers.slice(start, end), epoch);
    found.push({
      phase,
      by: transfer.select ?? DEFAULT_SELECTION,
      would: waysOf(transfer.task.monitor, history, judged),
      ...(judged && { judged }),
    });
  }
  return found.length > 0 ? found : undefined;
}

function waysOf(
  monitor: Monitor,
  history: readonly EpochInfo[],
  judged: JudgedEpochs | undefined,
): PhaseSelection['would'] {
  const best = (rule: Monitor, of: 'validation' | 'unlabelled'): WouldKeep | undefined => {
    const found = bestOf(rule, history, of);
    return found && { epoch: found.epoch, value: found[of]![rule.metric]! };
  };
  const ways: [Selection, WouldKeep | undefined][] = [
    ['last', { epoch: history.at(-1)!.epoch }],
    ['source-validation', best(monitor, 'validation')],
    ...UNLABELLED_CRITERIA.map((metric): (typeof ways)[number] => [
      metric,
      best({ metric, mode: 'max' }, 'unlabelled'),
    ]),
  ];
  return Object.fromEntries(
    ways.flatMap(([name, way]) =>
      way ? [[name, { ...way, ...(judged && { accuracy: judged.accuracies[way.epoch - 1]! }) }]] : [],
    ),
  );
}
