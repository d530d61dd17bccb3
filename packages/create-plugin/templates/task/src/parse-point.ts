import { createHash } from 'node:crypto';
import { HeadstartError } from '@headstart/core';
import type { PointSample } from './point-sample.ts';

/** A point with the digest of its content. */
export function pointSample(id: string, point: PointSample['point'], score?: number): PointSample {
  return { id, digest: createHash('sha256').update(point.join()).digest('hex'), point, score };
}

/**
 * The point of a text such as `1.5, -2`.
 * @throws HeadstartError `sample-unreadable`
 */
export function parsePoint(text: string, name: string): PointSample {
  const fields = text.split(',').map((field) => field.trim());
  const [x, y] = fields.map(Number);
  if (fields.length === 2 && fields.every((field) => field !== '') && Number.isFinite(x) && Number.isFinite(y))
    return pointSample(name, [x!, y!]);
  throw new HeadstartError({
    code: 'sample-unreadable',
    message: `${name} is no point: "${text}".`,
    hint: 'Give two numbers separated by a comma, such as 1.5, -2.',
  });
}
