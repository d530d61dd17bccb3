import { onnxExporter } from '../export/onnx/onnx-exporter.ts';
import { tfjsExporter } from '../export/tfjs-exporter.ts';
import { classificationMetrics } from '../metrics/classification-metrics.ts';
import { multiLabelMetrics } from '../metrics/multi-label-metrics.ts';
import { retrievalMetrics } from '../metrics/retrieval-evaluator.ts';
import { scoreMetrics } from '../metrics/score-evaluator.ts';
import { modelScheme } from '../models/model-scheme.ts';
import { bottleneckProbe } from '../strategies/adaptation/bottleneck-probe.ts';
import { adaptationStrategies } from '../strategies/adaptation/strategies.ts';
import { contrastive } from '../strategies/contrastive.ts';
import { fineTune } from '../strategies/fine-tune.ts';
import { fromScratch } from '../strategies/from-scratch.ts';
import { gradualUnfreeze } from '../strategies/gradual-unfreeze.ts';
import { l2Sp } from '../strategies/l2-sp.ts';
import { linearProbe } from '../strategies/linear-probe.ts';
import { lora } from '../strategies/lora.ts';
import { lpFt } from '../strategies/lp-ft.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { howToGet } from './package-offer.ts';
import { definePlugin } from './plugin.ts';

/** What core brings itself: the strategies that fit any domain, and trained models as sources. */
export const builtIn = definePlugin({
  name: '@headstart/core',
  version: CORE_VERSION,
  headstart: `^${CORE_VERSION}`,
  setup({ sources, tasks, strategies, metrics, exporters }) {
    sources.addScheme(
      modelScheme({ source: (id) => sources.find(id)(), task: (id) => tasks.find(id)(), howToGet: howToGet([]) }),
    );
    const usual = [linearProbe, fineTune, gradualUnfreeze, lpFt, l2Sp, lora, contrastive, fromScratch, bottleneckProbe];
    for (const strategy of [...usual, ...adaptationStrategies]) strategies.add(strategy);
    for (const metric of [...classificationMetrics, ...multiLabelMetrics, ...scoreMetrics, ...retrievalMetrics])
      metrics.add(metric);
    exporters.add(tfjsExporter);
    exporters.add(onnxExporter);
  },
});
