import { HeadstartError } from '@headstart/artifacts/errors';

/**
 * JSON of which there is one text for a value (RFC 8785): keys in the order of their code units, no space, numbers as
 * ECMAScript writes them. Keys whose value is undefined are left out.
 * @throws HeadstartError `record-invalid` for a number that JSON does not have, naming its place
 */
export function canonicalJson(value: unknown, place = ''): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw notFinite(value, place);
  if (Array.isArray(value)) return `[${value.map((each, i) => canonicalJson(each, `${place}[${i}]`)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const parts = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each, place === '' ? key : `${place}.${key}`)}`);
  return `{${parts.join(',')}}`;
}

function notFinite(value: number, place: string): HeadstartError {
  return new HeadstartError({
    code: 'record-invalid',
    message: `${place === '' ? 'The value' : place} is ${value}, and a record holds finite numbers only.`,
    hint: 'Look for what makes the number diverge: a learning rate that is too high, or a metric of no samples.',
  });
}
