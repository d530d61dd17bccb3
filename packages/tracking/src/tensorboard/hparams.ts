import type { Parameter, RunEnd, TrackedRun } from '../runs/tracker.ts';
import { HParamsPluginData } from './event-messages.ts';

/** How a session ended, by the numbers of plugin_data.proto. */
const STATUS = { finished: 1, failed: 2 } as const;

/** The value of a summary by which the hparams plugin knows a run's parameters. */
export function sessionStart({ runId, parameters, coordinates }: TrackedRun, seconds: number): object {
  const of = { ...coordinates, ...parameters };
  const hparams = Object.fromEntries(Object.entries(of).map(([name, value]) => [name, valueOf(value)]));
  const sessionStartInfo = { hparams, groupName: runId, startTimeSecs: seconds };
  return summaryValue('_hparams_/session_start_info', { sessionStartInfo });
}

/** The value by which it knows how the run ended; an interrupted one has not, as it may go on. */
export function sessionEnd(status: Exclude<RunEnd['status'], 'interrupted'>, seconds: number): object {
  const sessionEndInfo = { status: STATUS[status], endTimeSecs: seconds };
  return summaryValue('_hparams_/session_end_info', { sessionEndInfo });
}

function summaryValue(tag: string, data: object): object {
  return { tag, metadata: { pluginData: { pluginName: 'hparams', content: HParamsPluginData.encode(data).finish() } } };
}

function valueOf(value: Parameter): object {
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value };
}
