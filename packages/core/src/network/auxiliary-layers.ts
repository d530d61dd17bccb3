import type { RandomStream } from '../random/random-stream.ts';
import { lossStage, type LossLayerOptions, type LossLayers, type LossTerm } from './loss-term.ts';
import type { ModelVariable } from './stage.ts';

/** The layers that loss terms bring: trained beside the model, and no part of what is saved of it. */
export class AuxiliaryLayers {
  private constructor(private readonly layers: ReadonlyMap<string, LossLayers>) {}

  /** Builds the layers of each term once and draws their weights. */
  static create(terms: Iterable<LossTerm>, options: LossLayerOptions, random: RandomStream): AuxiliaryLayers {
    const built = new Map<string, LossLayers>();
    for (const term of terms) {
      if (!term.layers || built.has(term.name)) continue;
      const layers = term.layers(options);
      built.set(term.name, layers);
      for (const [name, layer] of Object.entries(layers)) layer.initialise(random.child(term.name, name));
    }
    return new AuxiliaryLayers(built);
  }

  /** A term's layers; none where it brings none. */
  of({ name }: Pick<LossTerm, 'name'>): LossLayers {
    return this.layers.get(name) ?? {};
  }

  /** Variables by unique name, `loss:term/layer.variable`. @param include asked for `loss:term` */
  *variables(include: (stage: string) => boolean = () => true): Generator<[string, ModelVariable]> {
    for (const [term, layers] of this.layers) {
      const stage = lossStage({ name: term });
      if (!include(stage)) continue;
      for (const [name, { variables }] of Object.entries(layers)) {
        for (const variable of variables) yield [`${stage}/${name}.${variable.name}`, variable];
      }
    }
  }

  dispose(): void {
    for (const [, { value }] of this.variables()) value.dispose();
  }
}
