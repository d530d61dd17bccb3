/** A row of a measurement as it is asked for, "self-training epochs=10 augmentation=none": a strategy, and the options of training that follow it. */
export function strategyRow(row: string): { readonly strategy: string } & Readonly<Record<string, string | number>> {
  const [strategy, ...flags] = row.split(' ') as [string, ...string[]];
  const options = flags.map((flag): [string, string | number] => {
    const [name, value] = flag.split('=') as [string, string];
    return [name, Number.isNaN(Number(value)) ? value : Number(value)];
  });
  return { strategy, ...Object.fromEntries(options) };
}
