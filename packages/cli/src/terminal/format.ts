type Unit = 'bytes' | 'images' | 'samples' | 'steps' | 'cells';

const megabyte = 1_000_000;

/** An amount of work, out of a total where one is known: `310/1852 images`, `7.1/17.4 MB`, `84`. */
export function formatAmount(done: number, unit?: Unit, total?: number): string {
  const number = (value: number) => {
    if (unit === 'bytes') return (value / megabyte).toFixed(1);
    return Number.isInteger(value) || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  };
  const amount = total ? `${number(done)}/${number(total)}` : number(done);
  if (unit === undefined) return amount;
  return `${amount} ${unit === 'bytes' ? 'MB' : unit}`;
}

/** Seconds for people: `0.4 s`, `42 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A count with its thousands apart: `3,412,640`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A metric with four decimals; whole numbers beyond one stay whole. */
export function formatMetric(value: number): string {
  return Number.isInteger(value) && Math.abs(value) > 1 ? String(value) : value.toFixed(4);
}
