import { Refused, type MlflowServer } from './mlflow-server.ts';

interface Experiment {
  readonly experiment_id: string;
  readonly lifecycle_stage?: string;
}

/** The id of the settings' experiment, asked for once for all runs, and made where there is none. */
export function experimentOf(server: MlflowServer): () => Promise<string> {
  let known: string | undefined;
  return async () => (known ??= await findOrCreate(server));
}

/** @throws Unavailable, Refused */
async function findOrCreate(server: MlflowServer): Promise<string> {
  const name = server.settings.experiment;
  const found = await find(server, name);
  if (found !== undefined) return found;
  try {
    const { experiment_id } = (await server.post('experiments/create', { name })) as Experiment;
    return experiment_id;
  } catch (error) {
    if (!(error instanceof Refused && error.errorCode === 'RESOURCE_ALREADY_EXISTS')) throw error;
    const made = await find(server, name); // by another process, meanwhile
    if (made === undefined) throw error;
    return made;
  }
}

async function find(server: MlflowServer, name: string): Promise<string | undefined> {
  try {
    const { experiment } = (await server.get('experiments/get-by-name', { experiment_name: name })) as {
      experiment: Experiment;
    };
    if (experiment.lifecycle_stage !== 'deleted') return experiment.experiment_id;
  } catch (error) {
    if (error instanceof Refused && error.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
  throw new Refused('it was deleted and not purged, so that its name is taken', 400, 'RESOURCE_ALREADY_EXISTS');
}
