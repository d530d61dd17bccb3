import type { SourceDomain, SourceRuntime } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, SourceHead } from '../network/backbone.ts';
import { runStages } from '../network/run-stages.ts';
import type { Tensors } from '../network/tensors.ts';

/**
 * The source with its own head, frozen: what a loss term learns from that asks for a teacher (Hinton et al., 2015,
 * arXiv 1503.02531), such as the one of a model that keeps the source's classes (Li and Hoiem, 2016, "Learning without
 * forgetting", arXiv 1606.09282). A second copy of the source's weights on the device.
 */
export class Teacher {
  private constructor(
    private readonly backbone: Backbone,
    private readonly head: SourceHead,
  ) {}

  /** @throws HeadstartError `not-supported` for a source without a head of its own; those of `open` */
  static async open(source: SourceDomain, runtime: SourceRuntime): Promise<Teacher> {
    const backbone = await source.open(runtime, { weights: 'published' });
    if (backbone.sourceHead) return new Teacher(backbone, backbone.sourceHead);
    backbone.dispose();
    throw withoutHead(source.id);
  }

  /** The classes of the head; none where it names none. */
  get labels(): readonly string[] {
    return this.head.labels ?? [];
  }

  /** What the head gives for inputs of the stage `from`. Call inside `tf.tidy`. */
  forward(inputs: Tensors, from: number): Tensors {
    return runStages([...this.backbone.stages.slice(from), this.head.stage], inputs);
  }

  dispose(): void {
    this.backbone.dispose();
  }
}

function withoutHead(source: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `The source "${source}" has no head of its own, which the strategy would learn from as a teacher.`,
    hint: 'Choose a source that was trained for a task, such as model:<folder> of a model that you trained, or another --strategy.',
  });
}
