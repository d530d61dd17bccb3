import { describe, expect, it } from 'vitest';
import type { Evaluator } from '../metrics/evaluator.ts';
import type { Metric, ScoreEvidence } from '../metrics/metric.ts';
import { checkMonitor, reportMetrics } from './reported-metrics.ts';

const task = (metric: string) => ({ id: 'scoring', monitor: { metric, mode: 'min' } as const });
const evaluator = (values: Record<string, number>, more: Partial<Evaluator> = {}): Evaluator => ({
  add: async () => {},
  report: () => ({ values }),
  evidence: () => ({
    kind: 'scores',
    evidence: { predicted: Float32Array.of(1, 2, 5), truth: Float32Array.of(1, 3, 3) },
  }),
  ...more,
});
/** The largest absolute difference: here 5 - 3. */
const worst: Metric<'scores'> = {
  id: 'worst',
  kind: 'scores',
  description: 'Largest absolute difference',
  compute: ({ predicted, truth }: ScoreEvidence) =>
    Math.max(...truth.map((value, i) => Math.abs(value - predicted[i]!))),
};
const registered = [worst, { ...worst, kind: 'retrieval' } as unknown as Metric] as readonly Metric[];

describe('the metrics of an evaluation', () => {
  const report = async (of: Evaluator, metrics = registered) => {
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    const { values } = await reportMetrics({
      task: task('mse'),
      evaluator: of,
      registered: metrics,
      intervals: false,
      warn,
    });
    return { values, warnings };
  };

  it("are the evaluator's own, and those of its evidence that it lacks", async () => {
    expect(await report(evaluator({ mse: 5 / 3 }))).toEqual({ values: { mse: 5 / 3, worst: 2 }, warnings: [] });
    expect((await report(evaluator({ worst: 7 }))).values).toEqual({ worst: 7 });
    expect((await report(evaluator({}, { evidence: undefined }))).values).toEqual({});
    const elsewhere = { ...worst, applies: () => false } as unknown as Metric;
    expect((await report(evaluator({}), [elsewhere])).values).toEqual({});
  });

  it('leave out what is not a finite number, with a warning for each', async () => {
    const text = { ...worst, id: 'text', compute: () => 'good' } as unknown as Metric;
    const nothing = { ...worst, id: 'nothing', compute: () => undefined } as unknown as Metric;
    expect(await report(evaluator({ mse: NaN, mae: 1, top: Infinity }), [text, nothing])).toEqual({
      values: { mae: 1 },
      warnings: [
        'The task "scoring": its metric "mse" is NaN and is left out.',
        'The task "scoring": its metric "top" is Infinity and is left out.',
        'The metric "text": it is not a number but "good" and is left out.',
        'The metric "nothing": it is not a number but undefined and is left out.',
      ],
    });
  });

  it('have the one that the task watches, if only for other data', () => {
    const check = (metric: string, more?: Partial<Evaluator>) => () =>
      checkMonitor({ values: { mse: 1 } }, { task: task(metric), evaluator: evaluator({ mse: 1 }, more), registered });
    expect(check('mse')).not.toThrow();
    expect(check('worst')).not.toThrow();
    expect(check('pearson', { reports: ['mse', 'pearson'] })).not.toThrow();
    expect(check('pearson')).toThrow(
      'The task "scoring": it watches the metric "pearson", which its evaluation does not report. Reported: mse.',
    );
    expect(check('worst', { evidence: undefined })).toThrow('it watches the metric "worst"');
  });
});
