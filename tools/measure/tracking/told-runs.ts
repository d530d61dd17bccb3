import type { RunContext, RunSubscriber } from '@headstart/core';

/** What a run said of itself: `[step, value]` by name, in order. */
export interface ToldRun {
  readonly points: Map<string, [step: number, value: number][]>;
  readonly request: RunContext['run']['request'];
}

/** Notes what runs say, beside the trackers, by their ids; a resumed run goes on in what is there. */
export class ToldRuns {
  readonly runs = new Map<string, ToldRun>();

  readonly subscribe = ({ run: { runId, request, tests } }: RunContext): RunSubscriber => {
    const told = this.runs.get(runId) ?? { points: new Map<string, [number, number][]>(), request };
    this.runs.set(runId, told);
    let epochs = 0;
    let at = 0;
    const note = (name: string, value: number) =>
      void told.points.set(name, [...(told.points.get(name) ?? []), [at, value]]);
    return {
      phaseStart: ({ epochsBefore }) => void (epochs = epochsBefore),
      step({ epoch, step, stepsPerEpoch, loss, learningRate }) {
        at = (epochs + epoch - 1) * stepsPerEpoch + step;
        note('train/loss', loss);
        note('train/learning_rate', learningRate);
      },
      epochEnd({ loss, seconds, validation = {} }) {
        note('train/epoch_loss', loss);
        note('train/epoch_seconds', seconds);
        for (const [name, value] of Object.entries(validation)) note(`validation/${name}`, value);
      },
      runEnd({ metrics }) {
        for (const [part, values] of Object.entries(metrics)) {
          const folder = tests ? `test/${part}` : part === 'validation' ? 'final_validation' : part;
          for (const [name, value] of Object.entries(values)) note(`${folder}/${name}`, value);
        }
      },
    };
  };
}
