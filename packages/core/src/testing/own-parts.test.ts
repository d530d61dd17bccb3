import { describe, it } from 'vitest';
import { builtIn } from '../plugins/built-in.ts';
import { checkMetric } from './check-metric.ts';
import { checkStrategy } from './check-strategy.ts';
import { setUpAlone } from './set-up-alone.ts';

const { metrics, strategies } = setUpAlone([builtIn()]);

describe("core's own parts pass the conformance kit", () => {
  it.each(metrics.list().map(({ value }) => [`${value.kind}/${value.id}`, value] as const))(
    'metric %s',
    async (_, metric) => checkMetric(metric),
  );

  it.each(strategies.list().map(({ value }) => [value.id, value] as const))('strategy %s', async (id, strategy) =>
    checkStrategy(
      strategy,
      id === 'lora' ? { options: { used: '1', valid: ['1', 'rank=2,alpha=4'], invalid: ['0', 'rank=x', 'rank'] } } : {},
    ),
  );
});
