import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import type { Metric } from '../metrics/metric.ts';
import { builtIn } from '../plugins/built-in.ts';
import { checkExporter } from './check-exporter.ts';
import { checkMetric, type MetricCheck } from './check-metric.ts';
import { checkStrategy } from './check-strategy.ts';
import { checkTask } from './check-task.ts';
import { pointDomain } from './point-domain.ts';
import { coreTrials } from './sample-evidence.ts';
import { setUpAlone } from './set-up-alone.ts';

const { metrics, strategies, exporters } = setUpAlone([builtIn()]);

/** Evidence of a model that does not answer all, for the metrics that are of such a one alone. */
function abstaining({ id }: Metric): MetricCheck {
  if (id !== 'coverage' && id !== 'answeredAccuracy') return {};
  return { evidence: coreTrials.classification.usual.map((evidence) => ({ ...evidence, abstainBelow: 0.6 })) };
}

/** The files of a graph model, as a browser fetches them. */
const readUrl = async (url: unknown) => new Response(await readFile(new URL(String(url))));

describe("core's own parts pass the conformance kit", () => {
  it.each(metrics.list().map(({ value }) => [`${value.kind}/${value.id}`, value] as const))(
    'metric %s',
    async (_, metric) => checkMetric(metric, abstaining(metric)),
  );

  it('export format tfjs', async () => {
    const { value: tfjs } = exporters.list()[0]!;
    await checkExporter(tfjs, {
      async run({ files, inputs, samples }) {
        const model = await loadGraphModel(pathToFileURL(files[0]!).href, { fetchFunc: readUrl });
        const outputs = tidy(() => model.predict({ point: tensor(inputs['point']!, [samples, 2]) })) as Tensor;
        const values = await outputs.data();
        outputs.dispose();
        model.dispose();
        return { logits: values };
      },
    });
  });

  it('the task of points', async () => {
    const { task, ...domain } = pointDomain();
    await checkTask(task, { ...domain, inputs: ['1,2', '0.5,-1'], bad: ['one,two', '1'] });
  });

  it.each(strategies.list().map(({ value }) => [value.id, value] as const))('strategy %s', async (id, strategy) =>
    checkStrategy(
      strategy,
      id === 'lora' ? { options: { used: '1', valid: ['1', 'rank=2,alpha=4'], invalid: ['0', 'rank=x', 'rank'] } } : {},
    ),
  );
});
