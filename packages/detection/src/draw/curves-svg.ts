import { escapeXml } from '@headstart/core/metrics';

/** A curve of precision against recall. */
export interface DrawnCurve {
  readonly text: string;
  readonly colour: string;
  /** At recalls evenly spaced from 0 to 1. */
  readonly precision: ArrayLike<number>;
}

export interface CurvesOptions {
  /** Pixels of the plot without its margins. */
  readonly side: number;
  /** Above the plot. */
  readonly title?: string;
}

const MARGIN = { left: 44, right: 12, top: 26, bottom: 38 };
/** Height of a line of the key, which stands under the plot. */
const LINE = 15;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Curves of precision against recall in a square of 0 to 1 by 0 to 1, as an SVG picture. */
export function curvesSvg(curves: readonly DrawnCurve[], { side, title }: CurvesOptions): string {
  const width = side + MARGIN.left + MARGIN.right;
  const bottom = side + MARGIN.top + MARGIN.bottom;
  const height = bottom + LINE * curves.length + 4;
  const x = (recall: number) => round(MARGIN.left + recall * side);
  const y = (precision: number) => round(MARGIN.top + (1 - precision) * side);
  const grid = TICKS.map(
    (tick) =>
      `<path d="M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}" stroke="#ddd"/>` +
      `<text x="${x(tick)}" y="${y(0) + 14}" text-anchor="middle">${tick}</text><text x="${x(0) - 5}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
  );
  const lines = curves.map(({ precision, colour }) => {
    const points = Array.from(
      { length: precision.length },
      (_, i) => `${x(i / (precision.length - 1))},${y(precision[i]!)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  });
  const key = curves.map(({ text, colour }, i) => {
    const at = bottom + LINE * i + 8;
    return `<path d="M${x(0)} ${at - 4}h16" stroke="${colour}" stroke-width="3"/><text x="${x(0) + 22}" y="${at}">${escapeXml(text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, DejaVu Sans, Arial, sans-serif" font-size="11" fill="#333">
${title === undefined ? '' : `<text x="${x(0)}" y="16" font-size="13" font-weight="bold">${escapeXml(title)}</text>`}
${grid.join('')}
<text x="${x(0.5)}" y="${bottom - 8}" text-anchor="middle">recall</text><text transform="translate(11 ${y(0.5)}) rotate(-90)" text-anchor="middle">precision</text>
${lines.join('')}
${key.join('')}
</svg>`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}
