import type { RunContext, RunSubscriber } from '@headstart/core';
import { trackRun } from '../runs/track-run.ts';
import { experimentOf } from './experiment.ts';
import { MlflowServer, type Patience } from './mlflow-server.ts';
import { MlflowTracker } from './mlflow-tracker.ts';
import { mlflowSettings, type MlflowOptions } from './settings.ts';

/**
 * Tells an MLflow server of runs; the environment is looked at when the first one begins.
 * @throws HeadstartError `config-invalid`, when a run begins, as `mlflowSettings` does
 */
export function trackMlflow(options: MlflowOptions, patience?: Patience): (context: RunContext) => RunSubscriber {
  let shared: { server: MlflowServer; experiment: () => Promise<string> } | undefined;
  const connect = () => {
    const server = new MlflowServer(mlflowSettings(options, process.env), patience);
    return { server, experiment: experimentOf(server) };
  };
  return (context) => {
    const { server, experiment } = (shared ??= connect());
    return trackRun(new MlflowTracker(server, experiment, (message) => context.warn(message)), context);
  };
}
