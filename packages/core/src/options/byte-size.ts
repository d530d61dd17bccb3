const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `4GiB`, `1.5 GB`, `800MiB` or plain bytes as a whole number of bytes; undefined for anything else. */
export function parseByteSize(text: string): number | undefined {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toLowerCase() || 'b'] ?? NaN));
  return number !== '' && Number.isSafeInteger(bytes) ? bytes : undefined;
}
