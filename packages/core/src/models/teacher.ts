import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, SourceHead } from '../network/backbone.ts';
import type { Tensors } from '../network/tensors.ts';

/**
 * The source with its own head, frozen: what a model that keeps its classes learns them from (Li and Hoiem, 2016,
 * "Learning without forgetting", arXiv 1606.09282). A second copy of the source's weights on the device.
 */
export class Teacher {
  readonly #head: SourceHead;

  private constructor(private readonly backbone: Backbone) {
    this.#head = backbone.sourceHead!;
  }

  /** @throws HeadstartError `not-supported` for a source without classes of its own; those of `open` */
  static async open(source: SourceDomain, runtime: SourceRuntime): Promise<Teacher> {
    const backbone = await source.open(runtime, { weights: 'published' });
    if (backbone.sourceHead?.labels?.length) return new Teacher(backbone);
    backbone.dispose();
    throw withoutClasses(source.id);
  }

  get labels(): readonly string[] {
    return this.#head.labels!;
  }

  /** What the head gives for inputs of the stage `from`. Call inside `tf.tidy`. */
  forward(inputs: Tensors, from: number): Tensors {
    return [...this.backbone.stages.slice(from), this.#head.stage].reduce<Tensors>(
      (tensors, stage) => stage.forward(tensors, { training: false }),
      inputs,
    );
  }

  dispose(): void {
    this.backbone.dispose();
  }
}

function withoutClasses(source: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${source}" brings no classes of its own that could be kept.`,
    hint: 'Choose a source that was trained to tell some, such as model:<folder> of a model that you trained, or leave out --keep-classes.',
  });
}
