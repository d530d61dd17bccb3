import { HeadstartError } from '@headstart/artifacts/errors';
import type { CellPattern } from '../config/bench-config.ts';
import { patternSchema } from '../config/bench-schema.ts';
import { didYouMean } from '../config/config-error.ts';
import { COORDINATES } from './cell.ts';

/**
 * Cells as a command line names them: `source=minilm-l6,shots=8`; `adapt=` for none.
 * @throws HeadstartError `usage`
 */
export function parsePattern(text: string): CellPattern {
  const pattern: Record<string, unknown> = {};
  // A name may have commas in it: a comma parts two coordinates where one begins after it.
  for (const part of text.split(/,(?=[a-z]+=)/i)) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    if (!(COORDINATES as readonly string[]).includes(key)) {
      const hint = didYouMean(key === '' ? part : key, COORDINATES);
      throw wrong(text, key === '' ? `"${part}" has no "="` : `"${key}" is no coordinate of a cell`, hint);
    }
    if (key in pattern) throw wrong(text, `"${key}" is given twice`, 'Give --only once for each pattern.');
    pattern[key] = valueOf(key, value);
  }
  const checked = patternSchema.safeParse(pattern);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw wrong(text, `${issue!.path.join('.')} ${issue!.message}`, 'Write it as source=minilm-l6,shots=8,seed=0.');
}

function valueOf(key: string, value: string): unknown {
  if (key === 'adapt' && value === '') return null;
  return key === 'seed' || (key === 'shots' && value !== 'all') ? Number(value) : value;
}

function wrong(text: string, what: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'usage', message: `Cells "${text}" cannot be found: ${what}.`, hint });
}
