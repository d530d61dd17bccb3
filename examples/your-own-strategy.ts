/**
 * A plugin of your own: a strategy that fits the head first and then trains the last stages with weights at
 * a low rate, everything below staying frozen. Published to npm, it would be used in the same way.
 */
import { openBackend } from '@headstart/backend';
import { HEAD, createHeadstart, definePlugin, type Phase, type Strategy } from '@headstart/core';
import vision from '@headstart/vision';
import { z } from 'zod';

/** @param count how many stages with weights to train */
const strategy = (count: number): Strategy => ({
  id: 'tune-top',
  description: 'Fit the head, then train the last stages with it; the rest stays frozen',
  start: 'source',
  defaults: { epochs: 3, batchSize: 16 },
  plan(stages, { epochs, learningRate = 1e-3, weightDecay = 0.05 }) {
    const optimiser = { kind: 'adamw', learningRate, weightDecay, clipNorm: 1 } as const;
    const schedule = { warmup: 0.1, decay: 'cosine' } as const;
    const top = stages.filter(({ parameters }) => parameters > 0).slice(-count);
    const phases: Phase[] = [
      {
        name: 'head',
        epochs: 20,
        trainable: { [HEAD]: 1 },
        optimiser,
        schedule,
        batchStatistics: false,
        fitHead: true,
      },
      {
        name: 'top',
        epochs,
        // The head at the full rate, the stages at a tenth of it.
        trainable: { ...Object.fromEntries(top.map(({ name }) => [name, 0.1])), [HEAD]: 1 },
        optimiser,
        schedule,
        batchStatistics: false,
      },
    ];
    return phases;
  },
});

const tuneTop = definePlugin({
  name: 'headstart-tune-top',
  version: '1.0.0',
  headstart: '^0.1',
  options: z.object({ stages: z.number().int().min(1) }),
  setup({ options, strategies }) {
    strategies.add(strategy(options.stages));
  },
});

const headstart = await createHeadstart({ backend: await openBackend(), plugins: [vision(), tuneTop({ stages: 1 })] });
for (const { plugin, value } of headstart.strategies()) console.log(`${value.id.padEnd(18)} from ${plugin}`);

const { metrics, model } = await headstart.train(
  { target: 'emoji-google', strategy: 'tune-top', shots: 5, split: [90, 0, 10] },
  {
    events: {
      phaseStart({ phase, trainableParameters, frozenStages }) {
        console.log(
          `\nphase "${phase.name}": ${trainableParameters} parameters train; frozen: ${frozenStages.join(', ') || 'none'}`,
        );
      },
      epochEnd({ epoch, epochs, loss }) {
        if (epoch === 1 || epoch === epochs) console.log(`  epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}`);
      },
    },
  },
);
console.log(
  `\ntest accuracy with five images per class: ${metrics.test!.accuracy!.toFixed(3)}; the model is in ${model}`,
);
await headstart.close();
