import {
  cast,
  clone,
  greater,
  less,
  log,
  reshape,
  scalar,
  sub,
  tensor1d,
  tidy,
  util,
  type KernelFunc,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';
import { withWideTypes } from './wide-types.ts';

/** Kernels of tfjs-node that give other results than TensorFlow.js specifies, put right. */
export function registerCorrections(): void {
  registerRound();
  registerScatterNd();
  registerMultinomial();
  registerAddN();
  registerSign();
  registerTan();
  registerEinsum();
}

/**
 * TensorFlow's AddN begins with whichever input's memory it may take over, which in a graph depends
 * on what else runs; the rounding of a sum of three or more would change from run to run.
 */
function registerAddN(): void {
  setKernel('AddN', ({ inputs, backend }) =>
    tidy(() => {
      const [first, ...rest] = Object.values(inputs) as Tensor[];
      const type = [attribute.type('T', first!.dtype)];
      return rest.reduce((sum, term) => backend.executeSingleOutput('AddV2', type, [sum, term]), clone(first!));
    }),
  );
}

/** The sign of what is not a number is 0 in TensorFlow.js and NaN in TensorFlow. */
function registerSign(): void {
  const previous = setKernel('Sign', (call) => {
    const x = call.inputs.x as Tensor;
    if (x.dtype !== 'float32') return (previous as KernelFunc)(call as never);
    return tidy(() => sub(cast(greater(x, 0), 'float32'), cast(less(x, 0), 'float32')));
  });
}

/** Next to its poles TensorFlow's Tan of float32 is off in the last bits; in double precision it is not. */
function registerTan(): void {
  const previous = setKernel('Tan', (call) => {
    const x = call.inputs.x!;
    if (x.dtype !== 'float32') return (previous as KernelFunc)(call as never);
    const [result] = withWideTypes(call.backend, ({ id, run, cast }) => {
      const [wide] = run('Tan', [attribute.type('T', 'float64')], [cast(id(x), 'float32', 'float64').id]);
      return [cast(wide!.id, 'float64', 'float32')];
    });
    return result!;
  });
}

/** TensorFlow makes up an axis for a label that stands in the output only; TensorFlow.js refuses it. */
function registerEinsum(): void {
  const previous = setKernel('Einsum', (call) => {
    const [inputs = '', output = ''] = (call.attrs.equation as string).split('->');
    for (const label of output.replace(/[^A-Za-z]/g, '')) {
      util.assert(
        inputs.includes(label),
        () => `Output subscripts contain the label ${label} not present in the input subscripts.`,
      );
    }
    return (previous as KernelFunc)(call as never);
  });
}

/** TensorFlow's Round of int32 goes through floating point; a whole number is its own rounding. */
function registerRound(): void {
  const previous = setKernel('Round', (call) => {
    const x = call.inputs.x!;
    if (x.dtype !== 'int32') return (previous as KernelFunc)(call as never);
    return call.backend.executeSingleOutput('Identity', [attribute.type('T', x.dtype)], [x]);
  });
}

/** TensorFlow.js takes a list of indices into a vector; TensorFlow wants each as a row of one. */
function registerScatterNd(): void {
  const previous = setKernel('ScatterNd', (call) => {
    const indices = call.inputs.indices!;
    if (indices.shape.length !== 1) return (previous as KernelFunc)(call as never);
    const rows = reshape(indices as Tensor, [-1, 1]);
    const result = (previous as KernelFunc)({ ...call, inputs: { ...call.inputs, indices: rows } } as never);
    rows.dispose();
    return result;
  });
}

/** TensorFlow's Multinomial goes on from call to call; the stateless one gives the same for the same seed. */
function registerMultinomial(): void {
  setKernel('Multinomial', ({ inputs, attrs, backend }) => {
    const { numSamples, seed, normalized } = attrs as { numSamples: number; seed: number; normalized: boolean };
    return tidy(() => {
      const logits = normalized ? log(inputs.logits as Tensor) : inputs.logits!;
      return backend.executeSingleOutput(
        'StatelessMultinomial',
        [attribute.type('T', 'float32'), attribute.type('Tseed', 'int32'), attribute.type('output_dtype', 'int32')],
        [logits, scalar(numSamples, 'int32'), tensor1d(seedWords(seed), 'int32')],
      );
    });
  });
}

/** All 64 bits of the number: TensorFlow.js makes up a fraction of 1 where no seed is given. */
function seedWords(seed: number): [number, number] {
  const words = new Int32Array(Float64Array.of(seed).buffer);
  return [words[0]!, words[1]!];
}
