import 'reflect-metadata';
import { createHeadstart } from '@headstart/core';
import { plainBackend } from '@headstart/core/testing';
import { describe, expect, it } from 'vitest';
import tracking, { type TrackingOptions } from './index.ts';

const compose = async (options?: TrackingOptions) =>
  createHeadstart({ backend: await plainBackend(), plugins: [tracking(options)] });

describe('the plugin', () => {
  it.each([
    ['TensorBoard where nothing is said', undefined, 1],
    ['TensorBoard where nothing is named', {}, 1],
    ['MLflow alone', { mlflow: {} }, 1],
    ['both', { tensorboard: {}, mlflow: {} }, 2],
  ])('tells %s', async (_what, options, count) => {
    const headstart = await compose(options);
    expect(headstart.subscribers().map(({ plugin }) => plugin)).toEqual(Array(count).fill('@headstart/tracking'));
    await headstart.close();
  });

  it('does not know other options', async () => {
    await expect(compose({ tensorboard: { dir: 'logs' } } as TrackingOptions)).rejects.toMatchObject({
      code: 'plugin-invalid',
      message: expect.stringContaining('@headstart/tracking') as string,
    });
  });
});
