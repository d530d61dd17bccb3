import { HeadstartError } from '@headstart/core';
import type { Refused } from './mlflow-server.ts';
import type { MlflowSettings } from './settings.ts';

/** What a server's refusal means to who set it up. */
export function refusal({ url, experiment, authorization }: MlflowSettings, cause: Refused): HeadstartError {
  const { status, errorCode, message } = cause;
  return new HeadstartError({
    code: 'config-invalid',
    message: `MLflow at ${url} refuses runs of experiment "${experiment}" (${errorCode ?? status}): ${message}`,
    hint: hintOf(cause, authorization !== undefined),
    cause,
  });
}

function hintOf({ status, errorCode }: Refused, known: boolean): string {
  if (status === 401 || errorCode === 'UNAUTHENTICATED')
    return known
      ? 'The token, or the name and password, are not valid there: give others.'
      : 'Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.';
  if (status === 403 || errorCode === 'PERMISSION_DENIED')
    return 'Have the account allowed to write to the experiment, or name another one.';
  if (errorCode === undefined) return 'Check the address: it has to be the one under which the page of MLflow opens.';
  return 'Name another experiment, or mend this one on the server.';
}
