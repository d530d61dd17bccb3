import { checkNames, checkTarget, type KnownParts } from '@headstart/core/manifest';
import type { SettledBench } from '../config/settled-bench.ts';

/**
 * Looks up every name of a configuration, before any data are read or weights fetched.
 * @throws HeadstartError `unknown-name`, `target-not-found`, `invalid-option`, with the nearest name that there is
 */
export async function checkAxes(known: KnownParts, { matrices }: SettledBench): Promise<void> {
  for (const { sources, train, adapt, test, strategies, options } of matrices) {
    for (const { source } of sources) checkNames(known, { source });
    for (const each of strategies)
      checkNames(known, { strategy: each.strategy, task: textOf(each.options['task'] ?? options['task']) });
    for (const domain of [...train, ...adapt, ...test]) {
      if (domain === null) continue;
      const { reader, target } = domain.setting;
      checkNames(known, { reader });
      await checkTarget(known, domain.given, target);
    }
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
