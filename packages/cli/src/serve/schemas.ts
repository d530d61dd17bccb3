import { z } from 'zod';

/** The label set and origin of a model: `GET /model`. */
export const modelSchema = z
  .object({
    task: z.string().describe('What the model was trained for, with the options in force'),
    modality: z.string().describe('What it takes: image, text, or what a plugin brought'),
    labels: z.array(z.string()).describe('In the order of their indices'),
    source: z.object({
      id: z.string().describe('The pretrained network that it was made of'),
      architecture: z.string(),
      licence: z.string(),
    }),
    strategy: z.string().describe('How it was trained; none where it is as it was published'),
    headstart: z.string().describe('The version of Headstart that made it'),
  })
  .describe('What the model is');

export type ModelCard = z.infer<typeof modelSchema>;

export const healthSchema = z
  .object({ status: z.enum(['ready', 'draining']) })
  .describe('Whether new requests are welcome');

const errorSchema = z
  .object({
    code: z.string().describe('Stable: it can be decided by'),
    message: z.string().describe('What happened, with the value received'),
    hint: z.string().describe('What to do'),
  })
  .describe('What went wrong');

export const failureSchema = z.object({ error: errorSchema }).describe('The request failed as a whole');

/** What is said of an input: as `headstart predict --json` says it, without `input`. */
export const predictionSchema = z
  .looseObject({})
  .describe('As `headstart predict --json` prints it: ranked labels, found objects, or what the task predicts');

export const predictionsSchema = z
  .object({ predictions: z.array(z.union([failureSchema, predictionSchema])) })
  .describe('One per input, in their order; an input that cannot be read has an error in place of a prediction');

/** `top`, as the query has it. */
export const topSchema = z.coerce.number().int().min(1).optional().describe('The k likeliest labels of each input');

const textInput = z.string().describe('A text');
const fileInput = z.strictObject({ base64: z.string().describe("A file's bytes in Base64 (RFC 4648)") });

/** The JSON that `POST /predict` takes. */
export function predictSchema(modality: string) {
  return z
    .strictObject({
      inputs: z.array(modality === 'text' ? textInput : fileInput).min(1),
      top: z.number().int().min(1).optional().describe('The k likeliest labels of each input'),
    })
    .describe('What the model is asked about');
}
