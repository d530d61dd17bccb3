import type { Headstart, TransferRequest, TransferResult } from '@headstart/core';
import { say } from './say.ts';

/**
 * Runs one transfer and shows how it goes: the data, the features, three epochs of each phase.
 * @param unit what a sample is, in the plural
 */
export async function tellTransfer(
  headstart: Headstart,
  title: string,
  unit: string,
  request: TransferRequest,
): Promise<TransferResult> {
  say(title);
  let phasePrefix = '';
  let toldFeatures = false;
  const result = await headstart.train(request, {
    events: {
      runStart: ({ samples, labels }) =>
        say(`  ${samples.train} ${unit} to train, ${samples.test} to test, ${labels.length} classes`),
      phaseStart({ phase, count }) {
        phasePrefix = count > 1 ? `${phase.name}, ` : '';
      },
      features({ stage, computed, reused, seconds }) {
        // A split that comes from the cache altogether is worth one line per run.
        if (computed > 0 || !toldFeatures)
          say(`  features of "${stage}": ${computed} computed, ${reused} from the cache, ${seconds.toFixed(1)} s`);
        toldFeatures = true;
      },
      epochEnd({ epoch, epochs, loss, validation }) {
        if (epoch % Math.ceil(epochs / 3) !== 0 && epoch !== epochs) return;
        const validated = validation ? `, validation accuracy ${validation.accuracy!.toFixed(3)}` : '';
        say(`  ${phasePrefix}epoch ${epoch}/${epochs}: loss ${loss.toFixed(3)}${validated}`);
      },
    },
  });
  say();
  return result;
}

/** What transfers came to on the test split, one per line. */
export function tellResults(results: Readonly<Record<string, TransferResult>>): void {
  say('                                        test accuracy    macro-F1    seconds');
  for (const [name, { metrics, seconds }] of Object.entries(results)) {
    const { accuracy, macroF1 } = metrics.test!;
    say(
      `  ${name.padEnd(38)}${accuracy!.toFixed(3).padStart(13)}${macroF1!.toFixed(3).padStart(12)}${seconds.total.toFixed(0).padStart(11)}`,
    );
  }
  say();
}
