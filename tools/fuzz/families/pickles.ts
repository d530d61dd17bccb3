import { makeZip } from '@headstart/artifacts/testing';
import type { Draw } from '../draw.ts';
import { TEXTS } from '../hostile.ts';
import { mutateBytes } from '../mutate-bytes.ts';

/** Magic number, protocol and system facts of the format before PyTorch 1.6. */
const LEGACY = Buffer.from('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.', 'latin1');

/** A file of `torch.save`, in either format, whose pickle builds what nobody saved. */
export function picklesOf(draw: Draw): Buffer {
  const whole = pickle(draw);
  const data = draw.once(5) ? mutateBytes(draw, whole) : whole;
  if (draw.once(2))
    return Buffer.concat([LEGACY, data, Buffer.from(`\x80\x02]${text('0')}a.`, 'latin1'), Buffer.alloc(64)]);
  return makeZip([
    { name: 'archive/data.pkl', data },
    { name: 'archive/byteorder', data: draw.of(['little', 'big', 'middle']) },
    { name: 'archive/data/0', data: Buffer.alloc(64) },
  ]);
}

const text = (value: string): string => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return `X${length.toString('latin1')}${bytes.toString('latin1')}`;
};

const integer = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return `J${bytes.toString('latin1')}`;
};

const SIZES = [0, 1, 2, 4, 16, -1, 65_536, 2 ** 31 - 1];
const STORAGES = ['FloatStorage', 'LongStorage', 'BoolStorage', 'UntypedStorage', 'QInt8Storage', 'NoStorage'];

function tensor(draw: Draw): string {
  const numbers = () => `(${Array.from({ length: draw.below(4) }, () => integer(draw.of(SIZES))).join('')}t`;
  const storage = `(${text('storage')}ctorch\n${draw.of(STORAGES)}\n${text(draw.once(6) ? draw.of(TEXTS) : '0')}${text('cpu')}${integer(draw.once(3) ? draw.of(SIZES) : 16)}tQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${integer(draw.of(SIZES))}${numbers()}${numbers()}\x89ccollections\nOrderedDict\n)RtR`;
}

/** Opcodes that leave one value on the stack. */
function value(draw: Draw, depth: number): string {
  const inner = () => value(draw, depth - 1);
  switch (depth <= 0 ? draw.below(4) : draw.below(11)) {
    case 0:
      return integer(draw.of(SIZES));
    case 1:
      return text(draw.once(4) ? 'x'.repeat(draw.of([10, 60_000])) : draw.of(TEXTS).replaceAll(/\p{Surrogate}/gu, ''));
    case 2:
      return draw.of(['N', '\x88', ']', '}', ')', 'I1\n', 'F1e999\n', 'L99999999999999999999L\n', "S'a'\n", 'Vx\n']);
    case 3:
    case 4:
      return tensor(draw);
    case 5:
      return `(${inner()}${inner()}${inner()}t`;
    case 6:
      return `}${text(draw.of(TEXTS).replaceAll(/\p{Surrogate}/gu, ''))}${inner()}s`;
    case 7:
      return `ccollections\nOrderedDict\n)R(${text('a')}${inner()}${text('b')}${inner()}u`;
    case 8:
      return doubled(draw);
    case 9:
      return ']'.repeat(draw.of([10, 5000])) + 'a'.repeat(9);
    default:
      return `c${draw.of(['torch\ndevice', 'torch\nSize', 'collections\nOrderedDict', 'posix\nsystem', 'torch._utils\n_rebuild_parameter', 'torch\nfloat32'])}\n${inner()}\x85R`;
  }
}

/** A value that holds the one before it ten times, ten or twenty times over: little to store, endless to walk. */
function doubled(draw: Draw): string {
  const levels = draw.of([3, 10, 20]);
  const level = (i: number) => `](${`h${String.fromCharCode(i)}`.repeat(10)}eq${String.fromCharCode(i + 1)}0`;
  return `${text('aaaaaaaaaa')}q\0${'0'}${Array.from({ length: levels }, (_, i) => level(i)).join('')}h${String.fromCharCode(levels)}`;
}

function pickle(draw: Draw): Buffer {
  const entries = Array.from(
    { length: 1 + draw.below(4) },
    (_, i) => `${text(`w${i}`)}${draw.once(2) ? tensor(draw) : value(draw, 3)}`,
  );
  return Buffer.from(`\x80\x02}(${entries.join('')}u.`, 'latin1');
}
