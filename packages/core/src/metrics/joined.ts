/** Arrays one after another. */
export function joined<A extends Float32Array | Int32Array | Uint8Array>(
  parts: readonly A[],
  Type: new (length: number) => A,
): A {
  const whole = new Type(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
