/** About how wide a text of a chart is, in pixels: letters of system fonts take 0.55 of their size on average, some more. */
export function textWidth(text: string, size = 12.5): number {
  return 0.6 * size * [...text].length;
}

/** A text cut to a width in pixels, with an ellipsis where something is missing. */
export function fitText(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / (0.6 * 12.5)));
  const letters = [...text];
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
