/** Prints a line of the demo. */
export const say = (line = ''): void => void process.stdout.write(`${line}\n`);

/** `0.993` as `99 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** How a prediction is called where the truth is known. */
export const verdict = (label: string, truth: string): string => (label === truth ? 'right' : `wrong: ${truth}`);
