import { promisify } from 'node:util';
import koffi, { type KoffiFunc, type LibraryHandle, type TypeObject } from 'koffi';

/** An address in native memory. Null is `0n`. */
export type Pointer = bigint;
/** What may be passed where C expects an address: an address or memory of JavaScript's. */
export type Memory = Pointer | ArrayBufferView | null;

/** `TF_Output`: one output of a node of a graph. */
export interface GraphOutput {
  readonly oper: Pointer;
  readonly index: number;
}

/**
 * The part of TensorFlow's C API that Headstart calls: tensorflow/c/c_api.h,
 * tensorflow/c/c_api_function.h, tensorflow/c/tf_tensor.h, tensorflow/c/tf_tstring.h,
 * tensorflow/c/tf_buffer.h, tensorflow/c/kernels.h and tensorflow/c/eager/c_api.h.
 */
export interface CApi {
  TF_Version: () => string;
  TF_NewStatus: () => Pointer;
  TF_GetCode: (status: Pointer) => number;
  TF_Message: (status: Pointer) => string;
  TF_SetStatus: (status: Pointer, code: number, message: string) => void;
  TF_DeleteStatus: (status: Pointer) => void;

  TF_NewBuffer: () => Pointer;
  TF_DeleteBuffer: (buffer: Pointer) => void;
  TF_GetRegisteredKernelsForOp: (op: string, status: Pointer) => Pointer;

  TF_NewGraph: () => Pointer;
  TF_DeleteGraph: (graph: Pointer) => void;
  TF_GraphGetOpDef: (graph: Pointer, op: string, definition: Pointer, status: Pointer) => void;
  TF_NewOperation: (graph: Pointer, op: string, name: string) => Pointer;
  TF_AddInput: (description: Pointer, input: GraphOutput) => void;
  TF_AddInputList: (description: Pointer, inputs: Memory, count: number) => void;
  TF_SetAttrString: (description: Pointer, name: string, value: Memory, bytes: number) => void;
  TF_SetAttrStringList: (description: Pointer, name: string, values: Memory, lengths: Memory, count: number) => void;
  TF_SetAttrInt: (description: Pointer, name: string, value: number | bigint) => void;
  TF_SetAttrIntList: (description: Pointer, name: string, values: Memory, count: number) => void;
  TF_SetAttrFloat: (description: Pointer, name: string, value: number) => void;
  TF_SetAttrFloatList: (description: Pointer, name: string, values: Memory, count: number) => void;
  TF_SetAttrBool: (description: Pointer, name: string, value: number) => void;
  TF_SetAttrBoolList: (description: Pointer, name: string, values: Memory, count: number) => void;
  TF_SetAttrType: (description: Pointer, name: string, value: number) => void;
  TF_SetAttrTypeList: (description: Pointer, name: string, values: Memory, count: number) => void;
  TF_SetAttrShape: (description: Pointer, name: string, dims: Memory, rank: number) => void;
  TF_SetAttrFuncName: (description: Pointer, name: string, value: string, length: number) => void;
  TF_SetAttrTensor: (description: Pointer, name: string, tensor: Pointer, status: Pointer) => void;
  TF_FinishOperation: (description: Pointer, status: Pointer) => Pointer;
  TF_OperationNumOutputs: (operation: Pointer) => number;
  TF_OperationOutputType: (output: GraphOutput) => number;
  TF_GraphGetTensorNumDims: (graph: Pointer, output: GraphOutput, status: Pointer) => number;
  TF_GraphGetTensorShape: (graph: Pointer, output: GraphOutput, dims: Memory, rank: number, status: Pointer) => void;
  TF_GraphToFunction: (
    graph: Pointer,
    name: string,
    appendHash: number,
    operations: number,
    operationList: Memory,
    inputs: number,
    inputList: Memory,
    outputs: number,
    outputList: Memory,
    outputNames: Memory,
    options: Memory,
    description: string | null,
    status: Pointer,
  ) => Pointer;
  TF_FunctionName: (fn: Pointer) => string;
  TF_DeleteFunction: (fn: Pointer) => void;
  TFE_ContextAddFunction: (context: Pointer, fn: Pointer, status: Pointer) => void;
  TFE_ContextRemoveFunction: (context: Pointer, name: string, status: Pointer) => void;

  TF_AllocateTensor: (dtype: number, dims: Memory, rank: number, bytes: number) => Pointer;
  TF_DeleteTensor: (tensor: Pointer) => void;
  TF_TensorData: (tensor: Pointer) => Pointer;
  TF_TensorByteSize: (tensor: Pointer) => number;
  TF_TensorElementCount: (tensor: Pointer) => number;
  TF_TensorType: (tensor: Pointer) => number;

  TF_StringInit: (string: Pointer) => void;
  TF_StringCopy: (string: Pointer, source: Memory, bytes: number) => void;
  TF_StringGetDataPointer: (string: Pointer) => Pointer;
  TF_StringGetSize: (string: Pointer) => number;
  TF_StringDealloc: (string: Pointer) => void;

  TFE_NewContextOptions: () => Pointer;
  TFE_ContextOptionsSetConfig: (options: Pointer, proto: Memory, bytes: number, status: Pointer) => void;
  TFE_DeleteContextOptions: (options: Pointer) => void;
  TFE_NewContext: (options: Pointer, status: Pointer) => Pointer;
  TFE_ContextListDevices: (context: Pointer, status: Pointer) => Pointer;
  TF_DeviceListCount: (list: Pointer) => number;
  TF_DeviceListName: (list: Pointer, index: number, status: Pointer) => string;
  TF_DeviceListType: (list: Pointer, index: number, status: Pointer) => string;
  TF_DeviceListMemoryBytes: (list: Pointer, index: number, status: Pointer) => number;
  TF_DeleteDeviceList: (list: Pointer) => void;

  TFE_NewTensorHandle: (tensor: Pointer, status: Pointer) => Pointer;
  TFE_DeleteTensorHandle: (handle: Pointer) => void;
  TFE_TensorHandleDataType: (handle: Pointer) => number;
  TFE_TensorHandleNumDims: (handle: Pointer, status: Pointer) => number;
  TFE_TensorHandleDim: (handle: Pointer, index: number, status: Pointer) => number;
  TFE_TensorHandleDeviceMemorySize: (handle: Pointer, status: Pointer) => number;
  TFE_TensorHandleBackingDeviceName: (handle: Pointer, status: Pointer) => string;
  TFE_TensorHandleResolve: (handle: Pointer, status: Pointer) => Pointer;
  TFE_TensorHandleCopyToDevice: (handle: Pointer, context: Pointer, device: string, status: Pointer) => Pointer;

  TFE_NewOp: (context: Pointer, name: string, status: Pointer) => Pointer;
  TFE_DeleteOp: (op: Pointer) => void;
  TFE_OpAddInput: (op: Pointer, handle: Pointer, status: Pointer) => void;
  TFE_OpSetAttrString: (op: Pointer, name: string, value: Memory, bytes: number) => void;
  TFE_OpSetAttrStringList: (op: Pointer, name: string, values: Memory, lengths: Memory, count: number) => void;
  TFE_OpSetAttrInt: (op: Pointer, name: string, value: number | bigint) => void;
  TFE_OpSetAttrIntList: (op: Pointer, name: string, values: Memory, count: number) => void;
  TFE_OpSetAttrFloat: (op: Pointer, name: string, value: number) => void;
  TFE_OpSetAttrFloatList: (op: Pointer, name: string, values: Memory, count: number) => void;
  TFE_OpSetAttrBool: (op: Pointer, name: string, value: number) => void;
  TFE_OpSetAttrBoolList: (op: Pointer, name: string, values: Memory, count: number) => void;
  TFE_OpSetAttrType: (op: Pointer, name: string, value: number) => void;
  TFE_OpSetAttrTypeList: (op: Pointer, name: string, values: Memory, count: number) => void;
  TFE_OpSetAttrShape: (op: Pointer, name: string, dims: Memory, rank: number, status: Pointer) => void;
  TFE_Execute: (op: Pointer, results: Memory, count: Memory, status: Pointer) => void;
  /** `TFE_Execute` on a worker thread. What is passed must stay alive and in place until it settles. */
  executeOnWorker: (op: Pointer, results: Memory, count: Memory, status: Pointer) => Promise<void>;

  /** C's own, to move bytes between the two heaps. */
  memcpy: (to: Memory, from: Memory, bytes: number) => Pointer;
}

/** Return type, then argument types, in koffi's words. */
type Signature = readonly [result: string, ...parameters: (string | TypeObject)[]];

const P = 'void *';
const S = 'str';
const OUTPUT = koffi.struct({ oper: P, index: 'int' });

/** An array of `TF_Output`: 16 bytes each, the index in the first four of the latter eight. */
export function outputArray(outputs: readonly GraphOutput[]): BigUint64Array {
  return BigUint64Array.from(outputs.flatMap(({ oper, index }) => [oper, BigInt(index)]));
}

const TENSORFLOW: Readonly<Record<Exclude<keyof CApi, 'memcpy' | 'executeOnWorker'>, Signature>> = {
  TF_Version: [S],
  TF_NewStatus: [P],
  TF_GetCode: ['int', P],
  TF_Message: [S, P],
  TF_SetStatus: ['void', P, 'int', S],
  TF_DeleteStatus: ['void', P],
  TF_NewBuffer: [P],
  TF_DeleteBuffer: ['void', P],
  TF_GetRegisteredKernelsForOp: [P, S, P],
  TF_NewGraph: [P],
  TF_DeleteGraph: ['void', P],
  TF_GraphGetOpDef: ['void', P, S, P, P],
  TF_NewOperation: [P, P, S, S],
  TF_AddInput: ['void', P, OUTPUT],
  TF_AddInputList: ['void', P, P, 'int'],
  TF_SetAttrString: ['void', P, S, P, 'size_t'],
  TF_SetAttrStringList: ['void', P, S, P, P, 'int'],
  TF_SetAttrInt: ['void', P, S, 'int64_t'],
  TF_SetAttrIntList: ['void', P, S, P, 'int'],
  TF_SetAttrFloat: ['void', P, S, 'float'],
  TF_SetAttrFloatList: ['void', P, S, P, 'int'],
  TF_SetAttrBool: ['void', P, S, 'uchar'],
  TF_SetAttrBoolList: ['void', P, S, P, 'int'],
  TF_SetAttrType: ['void', P, S, 'int'],
  TF_SetAttrTypeList: ['void', P, S, P, 'int'],
  TF_SetAttrShape: ['void', P, S, P, 'int'],
  TF_SetAttrFuncName: ['void', P, S, S, 'size_t'],
  TF_SetAttrTensor: ['void', P, S, P, P],
  TF_FinishOperation: [P, P, P],
  TF_OperationNumOutputs: ['int', P],
  TF_OperationOutputType: ['int', OUTPUT],
  TF_GraphGetTensorNumDims: ['int', P, OUTPUT, P],
  TF_GraphGetTensorShape: ['void', P, OUTPUT, P, 'int', P],
  TF_GraphToFunction: [P, P, S, 'uchar', 'int', P, 'int', P, 'int', P, P, P, S, P],
  TF_FunctionName: [S, P],
  TF_DeleteFunction: ['void', P],
  TFE_ContextAddFunction: ['void', P, P, P],
  TFE_ContextRemoveFunction: ['void', P, S, P],
  TF_AllocateTensor: [P, 'int', P, 'int', 'size_t'],
  TF_DeleteTensor: ['void', P],
  TF_TensorData: [P, P],
  TF_TensorByteSize: ['size_t', P],
  TF_TensorElementCount: ['int64_t', P],
  TF_TensorType: ['int', P],
  TF_StringInit: ['void', P],
  TF_StringCopy: ['void', P, P, 'size_t'],
  TF_StringGetDataPointer: [P, P],
  TF_StringGetSize: ['size_t', P],
  TF_StringDealloc: ['void', P],
  TFE_NewContextOptions: [P],
  TFE_ContextOptionsSetConfig: ['void', P, P, 'size_t', P],
  TFE_DeleteContextOptions: ['void', P],
  TFE_NewContext: [P, P, P],
  TFE_ContextListDevices: [P, P, P],
  TF_DeviceListCount: ['int', P],
  TF_DeviceListName: [S, P, 'int', P],
  TF_DeviceListType: [S, P, 'int', P],
  TF_DeviceListMemoryBytes: ['int64_t', P, 'int', P],
  TF_DeleteDeviceList: ['void', P],
  TFE_NewTensorHandle: [P, P, P],
  TFE_DeleteTensorHandle: ['void', P],
  TFE_TensorHandleDataType: ['int', P],
  TFE_TensorHandleNumDims: ['int', P, P],
  TFE_TensorHandleDim: ['int64_t', P, 'int', P],
  TFE_TensorHandleDeviceMemorySize: ['size_t', P, P],
  TFE_TensorHandleBackingDeviceName: [S, P, P],
  TFE_TensorHandleResolve: [P, P, P],
  TFE_TensorHandleCopyToDevice: [P, P, P, S, P],
  TFE_NewOp: [P, P, S, P],
  TFE_DeleteOp: ['void', P],
  TFE_OpAddInput: ['void', P, P, P],
  TFE_OpSetAttrString: ['void', P, S, P, 'size_t'],
  TFE_OpSetAttrStringList: ['void', P, S, P, P, 'int'],
  TFE_OpSetAttrInt: ['void', P, S, 'int64_t'],
  TFE_OpSetAttrIntList: ['void', P, S, P, 'int'],
  TFE_OpSetAttrFloat: ['void', P, S, 'float'],
  TFE_OpSetAttrFloatList: ['void', P, S, P, 'int'],
  TFE_OpSetAttrBool: ['void', P, S, 'uchar'],
  TFE_OpSetAttrBoolList: ['void', P, S, P, 'int'],
  TFE_OpSetAttrType: ['void', P, S, 'int'],
  TFE_OpSetAttrTypeList: ['void', P, S, P, 'int'],
  TFE_OpSetAttrShape: ['void', P, S, P, 'int', P],
  TFE_Execute: ['void', P, P, P, P],
};

/**
 * Finds every function of the C API. Part of the symbols live in the framework library, part in
 * the other, and which lives where changes between releases: each is looked up in both.
 *
 * @param libraries opened by koffi, in the order of the look-up
 * @throws Error naming the first symbol that no library has
 */
export function bindCApi(libraries: readonly LibraryHandle[]): CApi {
  const api: Record<string, unknown> = {};
  for (const [name, [result, ...parameters]] of Object.entries(TENSORFLOW)) {
    api[name] = findFunction(libraries, name, result, [...parameters]);
  }
  api.executeOnWorker = promisify((api.TFE_Execute as KoffiFunc<CApi['TFE_Execute']>).async);
  api.memcpy = koffi.load(null).func('memcpy', P, [P, P, 'size_t']);
  return api as unknown as CApi;
}

function findFunction(
  libraries: readonly LibraryHandle[],
  name: string,
  result: string,
  parameters: (string | TypeObject)[],
) {
  let failure: unknown;
  for (const library of libraries) {
    try {
      return library.func(name, result, parameters);
    } catch (cause) {
      failure = cause;
    }
  }
  throw new Error(`the library has no function ${name}`, { cause: failure });
}
