/** Something in a benchmark's folder that is not as it should be. */
export interface Finding {
  /** Path within the folder. */
  readonly file: string;
  /** A sentence. */
  readonly what: string;
}
