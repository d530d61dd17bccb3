/** A colour in a light and in a dark page, as `#rrggbb`. */
export interface ThemedColour {
  readonly light: string;
  readonly dark: string;
}

/**
 * The colours of pages. Rules and pictures name them as `var(--ink)`, so that both themes and print follow. `ink`, `dim`,
 * `accent`, `good`, `warn` and `bad` are for text on `paper`, `card` and `stripe` (4.5 to 1 at least, WCAG 2.2 AA); `line` for borders that
 * carry no meaning, `edge` for those of controls (3 to 1).
 */
export const COLOURS = {
  paper: { light: '#ffffff', dark: '#14171e' },
  card: { light: '#f6f7f9', dark: '#1d212b' },
  stripe: { light: '#eef0f4', dark: '#242936' },
  ink: { light: '#1b1f2a', dark: '#e8ebf2' },
  dim: { light: '#555d6e', dark: '#a6afc1' },
  line: { light: '#d3d8e1', dark: '#394152' },
  edge: { light: '#7d8697', dark: '#7a859a' },
  accent: { light: '#1f4fc4', dark: '#8fb0ff' },
  good: { light: '#0a6b2b', dark: '#6fd08c' },
  warn: { light: '#8a5a00', dark: '#f0b94a' },
  bad: { light: '#a3201d', dark: '#ff9d98' },
} as const satisfies Record<string, ThemedColour>;

/**
 * Colours of series in charts: after Okabe and Ito (2008), moved until each has 3 to 1 against the page and any two stay
 * apart (CIE76 of 15 at least) for people who see no red, no green or no blue. They never stand alone: each series has its own dashes and
 * marker too.
 */
export const SERIES_COLOURS: readonly ThemedColour[] = [
  { light: '#0084c4', dark: '#68a2fb' },
  { light: '#d76c12', dark: '#e19f01' },
  { light: '#12674a', dark: '#1dd17d' },
  { light: '#963290', dark: '#d3a0c8' },
  { light: '#6f500b', dark: '#f9f654' },
  { light: '#3b2f54', dark: '#d7f0f0' },
];

/** The custom properties of both themes, as a CSS block's content. */
export function colourProperties(): string {
  const series = SERIES_COLOURS.map((colour, i) => [`series-${i}`, colour] as const);
  return [...Object.entries(COLOURS), ...series]
    .map(([name, { light, dark }]) => `--${name}: light-dark(${light}, ${dark});`)
    .join(' ');
}
