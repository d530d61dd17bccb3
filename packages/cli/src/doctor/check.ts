/** One thing that the doctor looked at. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, with its values. */
  readonly found: string;
  /** What to do about it, where something is to be done. */
  readonly todo?: string;
}
