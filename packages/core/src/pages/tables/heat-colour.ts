import { scaleLinear } from 'd3-scale';
import { hexOf, rgbOf } from '../colour.ts';

/** From few to many: cividis (Nuñez, Anderton and Renslow, 2018), the same for people with and without colour blindness. */
const SEQUENTIAL = [
  '#00224e',
  '#123570',
  '#3b496c',
  '#575d6d',
  '#707173',
  '#8a8678',
  '#a59c74',
  '#c3b369',
  '#e1cc55',
  '#fee838',
];
/** From below to above zero: blue over white to orange, told apart without red or green. */
const DIVERGING = ['#08519c', '#4a90c8', '#a6cbe3', '#f5f5f5', '#f6c08a', '#dd7a22', '#8f3f00'];

/** How values are told by colours: by their size, or by how far they are below or above zero. */
export type HeatScale = 'sequential' | 'diverging';

/** The colour of a value, `#rrggbb`; the ends' beyond them. */
export function heatColour(scale: HeatScale, [low, high]: readonly [number, number]): (value: number) => string {
  const stops = scale === 'sequential' ? SEQUENTIAL : DIVERGING;
  const [from, to] = scale === 'sequential' ? [low, high] : [-Math.max(-low, high), Math.max(-low, high)];
  const place = scaleLinear([from, to], [0, stops.length - 1]).clamp(true);
  return (value) => {
    const at = from === to ? (stops.length - 1) / 2 : place(value);
    const before = Math.min(Math.floor(at), stops.length - 2);
    const [one, other] = [rgbOf(stops[before]!), rgbOf(stops[before + 1]!)];
    const mixed = one.map((part, i) => part + (other[i]! - part) * (at - before));
    return hexOf([mixed[0]!, mixed[1]!, mixed[2]!]);
  };
}
