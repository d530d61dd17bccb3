import { HeadstartError } from '@headstart/core';
import { z } from 'zod';

/** What says where runs go. What is absent is taken from MLflow's own variables of the environment. */
export const mlflowOptions = z.strictObject({
  /** The server's address; by default MLFLOW_TRACKING_URI. */
  url: z.string().min(1).optional(),
  /** The experiment's name, made where there is none; by default MLFLOW_EXPERIMENT_NAME, else `headstart`. */
  experiment: z.string().min(1).optional(),
  /** A token; by default MLFLOW_TRACKING_TOKEN. A name and password are MLFLOW_TRACKING_USERNAME and _PASSWORD's matter. */
  token: z.string().min(1).optional(),
});

export type MlflowOptions = z.infer<typeof mlflowOptions>;

/** A server and how to come in. */
export interface MlflowSettings {
  /** Without a slash at its end, a name or a password. */
  readonly url: string;
  readonly experiment: string;
  /** The value of the header `Authorization`. */
  readonly authorization?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Options, with the environment for what they leave open. A name and password go before a token, as in MLflow's client.
 * @throws HeadstartError `config-invalid` without an address, or with one that is not of the web
 */
export function mlflowSettings(options: MlflowOptions, env: Environment): MlflowSettings {
  const address = addressOf(options.url ?? env['MLFLOW_TRACKING_URI']);
  const user = decodeURIComponent(address.username) || env['MLFLOW_TRACKING_USERNAME'];
  const password = decodeURIComponent(address.password) || env['MLFLOW_TRACKING_PASSWORD'];
  const token = options.token ?? env['MLFLOW_TRACKING_TOKEN'];
  const experiment = options.experiment ?? (env['MLFLOW_EXPERIMENT_NAME'] || 'headstart');
  const url = `${address.origin}${address.pathname}`.replace(/\/+$/, '');
  if (options.token === undefined && user && password)
    return { url, experiment, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  return { url, experiment, ...(token && { authorization: `Bearer ${token}` }) };
}

function addressOf(text: string | undefined): URL {
  if (!text)
    throw new HeadstartError({
      code: 'config-invalid',
      message: 'Runs are to be tracked by MLflow, but no server is named.',
      hint: 'Give the address as url of mlflow, such as http://localhost:5000, or set MLFLOW_TRACKING_URI.',
    });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new HeadstartError({
    code: 'config-invalid',
    message: `"${text}" is not the address of an MLflow server: it has to begin with http:// or https://.`,
    hint: "Start `mlflow server` and give its address, such as http://localhost:5000; folders and databases are the server's matter.",
  });
}
