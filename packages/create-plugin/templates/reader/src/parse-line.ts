/** What a line of a `.points` file says: `1.5, -2, left`. */
export interface PointLine {
  readonly point: readonly [x: number, y: number];
  readonly label: string;
}

/** The point of a line, or what is wrong with it, which completes "line 3: ". */
export function parseLine(text: string): PointLine | { readonly fault: string } {
  const fields = text.split(',').map((field) => field.trim());
  const [x = '', y = '', label = ''] = fields;
  if (fields.length !== 3)
    return { fault: `it has ${fields.length} fields where two coordinates and a label are needed` };
  for (const field of [x, y]) {
    if (field === '' || !Number.isFinite(Number(field))) return { fault: `"${field}" is not a number` };
  }
  return label === '' ? { fault: 'it has no label' } : { point: [Number(x), Number(y)], label };
}
