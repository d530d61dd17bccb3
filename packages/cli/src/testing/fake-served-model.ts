import { HeadstartError, type LoadedModel, type PreparedInput } from '@headstart/core';

/**
 * A model of texts (or of another modality) that says of each how long it is. A text with `unreadable` in it cannot be
 * read, one with `broken` makes its step fail; steps wait for `gate`.
 */
export class FakeServedModel {
  readonly steps: string[][] = [];
  gate: Promise<void> = Promise.resolve();

  constructor(private readonly modality = 'text') {}

  get model(): LoadedModel {
    const model: Partial<LoadedModel> = {
      directory: '/secret/folder/model',
      labels: ['long', 'short', 'none'],
      card: {
        source: { id: 'fake-source', architecture: 'fake@1', licence: 'MIT', folder: '/secret/folder' },
        strategy: 'linear-probe',
        headstart: '1.2.3',
      },
      task: { id: 'fake-task', modality: this.modality } as LoadedModel['task'],
      prepare: (input, name) => this.#prepare(input as string | Uint8Array, name!),
      predictPrepared: (inputs) => this.#step(inputs.map(({ sample }) => sample.id)),
    };
    return model as LoadedModel;
  }

  async #prepare(input: string | Uint8Array, name: string): Promise<PreparedInput> {
    const text = typeof input === 'string' ? input : Buffer.from(input).toString();
    if (text.includes('unreadable')) {
      throw new HeadstartError({
        code: 'sample-unreadable',
        message: `${name} cannot be read.`,
        hint: 'Remove the file; train leaves it out with --skip-bad.',
      });
    }
    return { sample: { id: text, digest: text }, encoded: {} };
  }

  async #step(texts: readonly string[]): Promise<never[]> {
    this.steps.push([...texts]);
    await this.gate;
    if (texts.some((text) => text.includes('broken'))) throw new Error('no such file /secret/folder/weights');
    return texts.map((text) => ({
      label: text.length > 4 ? 'long' : 'short',
      length: text.length,
      top: [
        { label: 'long', probability: 0.75 },
        { label: 'short', probability: 0.25 },
      ],
    })) as never[];
  }
}
