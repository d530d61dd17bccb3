/** Eigenvalues in ascending order, and the eigenvector of each in a row of its own. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** `[size, size]`, row-major: row i belongs to value i and has length 1. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to tridiagonal form, then the implicit QL
 * method (Bowdler, Martin, Reinsch and Wilkinson, 1968, "The QR and QL algorithms for symmetric matrices"; the procedures
 * `tred2` and `tql2` of EISPACK).
 *
 * @param matrix `[size, size]`, row-major, of finite numbers; it stays as it is
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  // Columns of the procedures are rows here, so that inner loops run over neighbours.
  const v = Float64Array.from(matrix);
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  tridiagonalise(v, diagonal, beside, size);
  accumulate(v, diagonal, beside, size);
  diagonalise(v, diagonal, beside, size);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[a]! - diagonal[b]!);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => vectors.set(v.subarray(from * size, (from + 1) * size), to * size));
  return { values: Float64Array.from(order, (from) => diagonal[from]!), vectors };
}

function tridiagonalise(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) d[j] = v[j * n + n - 1]!;
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]!);
    if (scale === 0) {
      e[i] = d[i - 1]!;
      for (let j = 0; j < i; j++) {
        d[j] = v[j * n + i - 1]!;
        v[j * n + i] = v[i * n + j] = 0;
      }
      d[i] = 0;
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      d[k] = d[k]! / scale;
      h += d[k]! * d[k]!;
    }
    const f = d[i - 1]!;
    const g = f > 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = scale * g;
    h -= f * g;
    d[i - 1] = f - g;
    reflect(v, d, e, n, i, h);
    d[i] = h;
  }
}

/** Applies the reflection that `d` holds from both sides to the leading `i` rows and columns. */
function reflect(v: Float64Array, d: Float64Array, e: Float64Array, n: number, i: number, h: number): void {
  e.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const [row, f] = [j * n, d[j]!];
    v[i * n + j] = f;
    let g = e[j]! + v[row + j]! * f;
    for (let k = j + 1; k < i; k++) {
      g += v[row + k]! * d[k]!;
      e[k] = e[k]! + v[row + k]! * f;
    }
    e[j] = g;
  }
  let f = 0;
  for (let j = 0; j < i; j++) {
    e[j] = e[j]! / h;
    f += e[j]! * d[j]!;
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) e[j] = e[j]! - half * d[j]!;
  for (let j = 0; j < i; j++) {
    const [row, p, q] = [j * n, d[j]!, e[j]!];
    for (let k = j; k < i; k++) v[row + k] = v[row + k]! - (p * e[k]! + q * d[k]!);
    d[j] = v[row + i - 1]!;
    v[row + i] = 0;
  }
}

/** Multiplies the reflections with one another; the diagonal then stands in `d`. */
function accumulate(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n;
    v[i * n + n - 1] = v[i * n + i]!;
    v[i * n + i] = 1;
    const h = d[i + 1]!;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = v[next + k]! / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += v[next + k]! * v[j * n + k]!;
        for (let k = 0; k <= i; k++) v[j * n + k] = v[j * n + k]! - g * d[k]!;
      }
    }
    v.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = v[j * n + n - 1]!;
    v[j * n + n - 1] = 0;
  }
  v[n * n - 1] = 1;
  e[0] = 0;
}

/** The implicit QL method: turns `d` into the eigenvalues and the rows of `v` into the eigenvectors. */
function diagonalise(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0;
  let largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]!) + Math.abs(e[l]!));
    const negligible = Number.EPSILON * largest;
    let m = l;
    while (m < n - 1 && Math.abs(e[m]!) > negligible) m++;
    while (m > l && Math.abs(e[l]!) > negligible) {
      const g = d[l]!;
      const p = (d[l + 1]! - g) / (2 * e[l]!);
      const r = p < 0 ? -Math.hypot(p, 1) : Math.hypot(p, 1);
      d[l] = e[l]! / (p + r);
      d[l + 1] = e[l]! * (p + r);
      const h = g - d[l]!;
      for (let i = l + 2; i < n; i++) d[i] = d[i]! - h;
      shift += h;
      sweep(v, d, e, n, l, m);
    }
    d[l] = d[l]! + shift;
    e[l] = 0;
  }
}

/** One QL sweep over rows `l` to `m`, whose rotations turn the vectors too. */
function sweep(v: Float64Array, d: Float64Array, e: Float64Array, n: number, l: number, m: number): void {
  const [beyond, after] = [d[l + 1]!, e[l + 1]!];
  let p = d[m]!;
  let [c, c2, c3, s, s2] = [1, 1, 1, 0, 0];
  for (let i = m - 1; i >= l; i--) {
    [c3, c2, s2] = [c2, c, s];
    const g = c * e[i]!;
    const h = c * p;
    const r = Math.hypot(p, e[i]!);
    e[i + 1] = s * r;
    s = e[i]! / r;
    c = p / r;
    p = c * d[i]! - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]!);
    const [own, next] = [i * n, (i + 1) * n];
    for (let k = 0; k < n; k++) {
      const a = v[own + k]!;
      const b = v[next + k]!;
      v[next + k] = s * a + c * b;
      v[own + k] = c * a - s * b;
    }
  }
  p = (-s * s2 * c3 * after * e[l]!) / beyond;
  e[l] = s * p;
  d[l] = c * p;
}
