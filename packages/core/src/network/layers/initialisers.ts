import type { RandomStream } from '../../random/random-stream.ts';
import { assignConstant, assignValues } from '../layer.ts';
import type { ModelVariable } from '../stage.ts';

/** Gives a variable its first value; what is drawn comes from the stream's child of the variable's name. */
export type Initialiser = (variable: ModelVariable, random: RandomStream) => void;

/** The same number everywhere; nothing is drawn. */
export function constant(value: number): Initialiser {
  return (variable) => assignConstant(variable, value);
}

/** Normal numbers around zero. */
export function normal(standardDeviation: number): Initialiser {
  return drawn((stream) => standardDeviation * stream.normal());
}

/**
 * Normal with variance 2 / fanIn, for layers that a ReLU follows (He et al., 2015, eq. 10). Before a leaky ReLU, the
 * fan-in counts 1 + slope² times (eq. 15).
 */
export function heNormal(fanIn: number): Initialiser {
  return normal(Math.sqrt(2 / fanIn));
}

/** Uniform in ±sqrt(6 / (fanIn + fanOut)), for layers that no ReLU follows (Glorot and Bengio, 2010, eq. 16). */
export function glorotUniform(fanIn: number, fanOut: number): Initialiser {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return drawn((stream) => stream.uniform(-limit, limit));
}

function drawn(draw: (stream: RandomStream) => number): Initialiser {
  return (variable, random) => {
    const stream = random.child(variable.name);
    assignValues(
      variable,
      Float32Array.from({ length: variable.value.size }, () => draw(stream)),
    );
  };
}
