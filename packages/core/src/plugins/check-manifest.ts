import { HeadstartError, nearestName, shown } from '@headstart/artifacts/errors';
import { CONTRIBUTION_KINDS, namesOf, PLUGIN_API, type ContributionKind, type PluginManifest } from './manifest.ts';

/** What a value has to be, and whether it is. */
interface Field {
  readonly is: string;
  readonly fits: (value: unknown) => boolean;
  readonly optional?: true;
}

type Fields = Readonly<Record<string, Field>>;

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Field = { is: 'a text', fits: isText };
const texts: Field = { is: 'a list of texts', fits: (value) => Array.isArray(value) && value.every(isText) };
const objects: Field = { is: 'a list of objects', fits: (value) => Array.isArray(value) && value.every(isObject) };
const count: Field = { is: 'a whole number', fits: (value) => Number.isSafeInteger(value) && (value as number) >= 0 };
const yesOrNo: Field = { is: 'true or false', fits: (value) => typeof value === 'boolean' };
const defaults: Field = {
  is: 'an object with the texts source, strategy and augmentation',
  fits: (value) => isObject(value) && ['source', 'strategy', 'augmentation'].every((name) => isText(value[name])),
};
const optional = (field: Field): Field => ({ ...field, optional: true });
const oneOf = (...values: string[]): Field => ({
  is: values.map((value) => `"${value}"`).join(' or '),
  fits: (value) => values.includes(value as string),
});

const data = { id: text, modality: text, task: text, description: text };

/** The fields of each kind of contribution: those that lists of them show. */
const itemFields: Readonly<Record<ContributionKind, Fields>> = {
  sources: {
    id: text,
    modality: text,
    title: text,
    description: optional(text),
    trainedOn: text,
    licence: text,
    parameters: optional(count),
    input: optional(text),
    files: optional(objects),
    citation: optional(text),
  },
  schemes: { scheme: text, modality: optional(text), description: text },
  readers: data,
  datasets: { ...data, licence: text },
  tasks: { id: text, modality: text, description: text, defaults, augmentations: texts },
  strategies: { id: text, start: oneOf('source', 'random'), description: text },
  metrics: { id: text, kind: text, description: text },
  exporters: { format: text, modality: optional(text), description: text },
};

const contributeFields: Fields = {
  ...Object.fromEntries(CONTRIBUTION_KINDS.map((kind) => [kind, optional(objects)])),
  services: optional(texts),
  replaces: optional(texts),
  subscribes: optional(yesOrNo),
};

/**
 * A plugin's manifest: what its package.json has under `headstart`.
 * @param name the package's, for messages
 * @throws HeadstartError `plugin-invalid` naming the package, the field and its value; `plugin-incompatible` for one of a newer API
 */
export function checkManifest(name: string, value: unknown): PluginManifest {
  checkFields(name, 'headstart', value, {
    api: { is: 'a whole number from 1', fits: (api) => Number.isSafeInteger(api) && (api as number) >= 1 },
  });
  const { api } = value as { readonly api: number };
  if (api > PLUGIN_API) {
    throw new HeadstartError({
      code: 'plugin-incompatible',
      message: `The package "${name}" was written for version ${api} of the plugin API; here it is ${PLUGIN_API}.`,
      hint: `Update headstart and @headstart/core, or install a version of ${name} for API ${PLUGIN_API}.`,
    });
  }
  const { contributes } = value as PluginManifest;
  checkNames(name, 'headstart', value as object, ['api', 'contributes']);
  checkFields(name, 'headstart.contributes', contributes, contributeFields);
  checkNames(name, 'headstart.contributes', contributes, Object.keys(contributeFields));
  for (const kind of CONTRIBUTION_KINDS) {
    (contributes[kind] ?? []).forEach((item, i) => {
      const place = `headstart.contributes.${kind}[${i}]`;
      checkFields(name, place, item, itemFields[kind]);
      checkNames(name, place, item, Object.keys(itemFields[kind]));
    });
    const names = namesOf(contributes, kind);
    const twice = names.find((each, i) => names.indexOf(each) !== i);
    if (twice !== undefined) throw invalid(name, `headstart.contributes.${kind} has "${twice}" twice.`);
  }
  return { api, contributes };
}

function checkFields(name: string, place: string, value: unknown, fields: Fields): void {
  if (!isObject(value)) throw invalid(name, `${place} is ${found(value)}, and has to be an object.`);
  for (const [field, { is, fits, optional: mayLack }] of Object.entries(fields)) {
    const given = value[field];
    if (given === undefined ? mayLack : fits(given)) continue;
    throw invalid(
      name,
      given === undefined
        ? `${place} has no "${field}", which has to be ${is}.`
        : `${place}.${field} is ${found(given)}, and has to be ${is}.`,
    );
  }
}

function checkNames(name: string, place: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  throw invalid(
    name,
    `${place} has a field "${unknown}", which nobody knows.`,
    `${near ? `Did you mean "${near}"? ` : ''}Its fields are ${known.join(', ')}.`,
  );
}

function found(value: unknown): string {
  return value === undefined ? 'missing' : shown(value, 60);
}

function invalid(name: string, what: string, remark = ''): HeadstartError {
  return new HeadstartError({
    code: 'plugin-invalid',
    message: `The manifest of the package "${name}" is not valid: in its package.json, ${what}`,
    hint: [remark, `Update ${name}, leave it out, or tell its author.`].filter(Boolean).join(' '),
  });
}
