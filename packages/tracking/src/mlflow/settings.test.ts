import { describe, expect, it } from 'vitest';
import { mlflowSettings } from './settings.ts';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('settings of MLflow', () => {
  it.each([
    ['an address alone', { url: 'http://host:5000/' }, {}, { url: 'http://host:5000', experiment: 'headstart' }],
    [
      'the environment',
      {},
      { MLFLOW_TRACKING_URI: 'https://host/ml/', MLFLOW_EXPERIMENT_NAME: 'birds', MLFLOW_TRACKING_TOKEN: 't' },
      { url: 'https://host/ml', experiment: 'birds', authorization: 'Bearer t' },
    ],
    [
      'a name and a password, which go before the token of the environment',
      { url: 'http://host' },
      { MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'pw', MLFLOW_TRACKING_TOKEN: 't' },
      { url: 'http://host', experiment: 'headstart', authorization: basic('ada:pw') },
    ],
    [
      'an option, which goes before the environment',
      { url: 'http://host', experiment: 'birds', token: 'mine' },
      { MLFLOW_TRACKING_URI: 'http://other', MLFLOW_TRACKING_USERNAME: 'ada', MLFLOW_TRACKING_PASSWORD: 'pw' },
      { url: 'http://host', experiment: 'birds', authorization: 'Bearer mine' },
    ],
    [
      'a name and a password in the address, which is named without them',
      { url: 'http://ada:p%40w@host:5000' },
      {},
      { url: 'http://host:5000', experiment: 'headstart', authorization: basic('ada:p@w') },
    ],
  ])('follow from %s', (_what, options, env, expected) => {
    expect(mlflowSettings(options, env)).toEqual(expected);
  });

  it.each([
    [undefined, /no server is named/],
    ['./mlruns', /"\.\/mlruns" is not the address of an MLflow server/],
    ['sqlite:///runs.db', /has to begin with http/],
  ])('are refused with the address %s', (url, message) => {
    const refused = expect.objectContaining({
      code: 'config-invalid',
      message: expect.stringMatching(message) as string,
    }) as Error;
    expect(() => mlflowSettings({ url }, {})).toThrow(refused);
  });
});
