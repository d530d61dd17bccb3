import { scaleLinear } from 'd3-scale';
import { hexOf, rgbOf } from '../colour.ts';
import type { ThemedColour } from '../tokens.ts';

/** How values are told by colours: by their size, or by how far they are below or above zero. */
export type HeatScale = 'sequential' | 'diverging';

type Stops = readonly string[];

/**
 * From what hardly differs from the page to what differs most: one hue from few to many, which people of any sight see as
 * lighter or darker; blue below zero and orange above, told apart without red or green.
 */
const STOPS: Readonly<Record<HeatScale, Readonly<Record<keyof ThemedColour, Stops>>>> = {
  sequential: {
    light: ['#eef4fc', '#c6dbf2', '#93bfe6', '#5a9bd3', '#2b74b8', '#0f4f94', '#08306b'],
    dark: ['#1e2a3d', '#21436b', '#2a609d', '#4481c4', '#72a6dd', '#a5c9ef', '#dbeafd'],
  },
  diverging: {
    light: ['#08519c', '#4a90c8', '#a6cbe3', '#f5f5f5', '#f6c08a', '#dd7a22', '#8f3f00'],
    dark: ['#8cc4f5', '#3f80bd', '#274b6e', '#262b36', '#6d4719', '#b86a1c', '#ffbe7a'],
  },
};

/** The colour of a value in both themes; those of the ends beyond them. */
export function heatColour(scale: HeatScale, domain: readonly [number, number]): (value: number) => ThemedColour {
  const { light, dark } = STOPS[scale];
  const place = scaleLinear(heatEnds(scale, domain), [0, 1]).clamp(true);
  const level = domain[0] === domain[1] && scale === 'sequential';
  return (value) => {
    const share = level ? 0.5 : place(value);
    return { light: between(light, share), dark: between(dark, share) };
  };
}

/** The values at the ends of the colours: zero lies in the middle of those that diverge. */
export function heatEnds(scale: HeatScale, [low, high]: readonly [number, number]): readonly [number, number] {
  const reach = Math.max(-low, high, Number.MIN_VALUE);
  return scale === 'sequential' ? [low, high] : [-reach, reach];
}

/** The colour at a share of the way along stops. */
function between(stops: Stops, share: number): string {
  const at = share * (stops.length - 1);
  const before = Math.min(Math.floor(at), stops.length - 2);
  const [one, other] = [rgbOf(stops[before]!), rgbOf(stops[before + 1]!)];
  const mixed = (part: 0 | 1 | 2) => one[part] + (other[part] - one[part]) * (at - before);
  return hexOf([mixed(0), mixed(1), mixed(2)]);
}
