import { describe, expect, it } from 'vitest';
import type { Evaluator } from '../metrics/evaluator.ts';
import type { Metric, ScoreEvidence } from '../metrics/metric.ts';
import { onceEach } from '../metrics/resamples.ts';
import { resampledShare } from '../metrics/resampling.ts';
import { withMembers } from '../network/with-members.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { fineTune } from '../strategies/fine-tune.ts';
import { pointTask } from '../testing/point-domain.ts';
import type { Task } from '../tasks/task.ts';
import { guardMetric } from './guard-metric.ts';
import { guardStrategy } from './guard-strategy.ts';
import { guardTask } from './guard-task.ts';
import { contractBroken, named } from './owner.ts';

const owner = { plugin: 'tones', part: 'its part' };

describe('what a plugin hands over keeps all its members', () => {
  it('the number of resamples that a metric makes', () => {
    const number = Object.assign(resampledShare([1, 0, 1]), { extra: 'its own' });
    const metric: Metric<'scores'> = {
      id: 'hits',
      kind: 'scores',
      description: 'Hits',
      compute: () => 2 / 3,
      resampled: () => number,
    };
    const guarded = guardMetric(metric, owner).resampled!({} as ScoreEvidence);
    expect({ ...guarded }).toMatchObject({ share: { hits: 2, of: 3 }, extra: 'its own' });
    expect(guarded(Int32Array.of(1, 1, 1))).toBeCloseTo(2 / 3, 12);
    expect([...guarded.ofDraws!(onceEach(3))]).toEqual([...number.ofDraws!(onceEach(3))]);
  });

  it('the pages of an evaluator, whose writers find one another', async () => {
    class Pages {
      readonly title = (title: string) => `<title>${title}</title>`;
      async report(title: string) {
        return this.title(title);
      }
    }
    const evaluator = (): Evaluator => ({
      add: async () => {},
      report: () => ({ values: {} }),
      pages: new Pages(),
    });
    const guarded = guardTask({ ...pointTask, evaluator }, owner);
    expect(await guarded.evaluator([]).pages!.report!('Tones')).toBe('<title>Tones</title>');
  });

  it('the phases of a strategy, also what their class defines', () => {
    class Tuning {
      constructor(private readonly phase: Phase) {}
      readonly name = 'tuning';
      get epochs() {
        return this.phase.epochs;
      }
      get trainable() {
        return this.phase.trainable;
      }
      get optimiser() {
        return this.phase.optimiser;
      }
      get schedule() {
        return this.phase.schedule;
      }
      get batchStatistics() {
        return this.phase.batchStatistics;
      }
    }
    const strategy: Strategy = {
      ...fineTune,
      plan: (...given) => fineTune.plan(...given).map((phase): Phase => new Tuning(phase)),
    };
    const [phase] = guardStrategy(strategy, owner).plan([], { epochs: 3 });
    expect(phase).toMatchObject({ name: 'tuning', epochs: 3, batchStatistics: false });
    expect({ ...phase }).toHaveProperty('optimiser');
  });

  it.each([-0.1, 1, NaN])('no phase that smooths labels by %d', (labelSmoothing) => {
    const strategy: Strategy = {
      ...fineTune,
      plan: (...given) => fineTune.plan(...given).map((phase) => ({ ...phase, labelSmoothing })),
    };
    expect(() => guardStrategy(strategy, owner).plan([], { epochs: 3 })).toThrow('labelSmoothing');
  });

  it('whose it is, where members are replaced', () => {
    const task = withMembers(guardTask(pointTask as unknown as Task, owner), {
      monitor: { metric: 'balancedAccuracy', mode: 'max' },
    });
    expect(named('task', task)).toBe('Plugin "tones", its part');
    expect(contractBroken('task', task, 'no.').message).toBe('Plugin "tones", its part: no.');
  });
});
