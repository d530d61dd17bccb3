import type { OnnxGraph, OnnxPort } from './onnx-graph.ts';

/** The section of an exported folder's README that says how onnxruntime runs the graph in Node and in Python. */
export function onnxNotes({ inputs, outputs }: OnnxGraph, path: string): string {
  const row = (kind: string, { name, type, shape }: OnnxPort) =>
    `| ${kind} | \`${name}\` | ${type} | \`[${shape.join(', ')}]\` |`;
  const rows = [...inputs.map((port) => row('input', port)), ...outputs.map((port) => row('output', port))];
  const names = inputs.map(({ name }) => name);
  const read = outputs[0]!.name;
  return `
## In another runtime

\`${path}\` is ONNX of opset 17, in single precision, which onnxruntime 1.14 and later read:

| | name | type | shape |
| --- | --- | --- | --- |
${rows.join('\n')}

How inputs are prepared is in \`headstart.json\`, and with the labels in the file's own metadata. In Node, with \`onnxruntime-node\`:

\`\`\`js
import { InferenceSession, Tensor } from 'onnxruntime-node';

const session = await InferenceSession.create('${path}');
const { ${read} } = await session.run({ ${names.map((name) => `${name}: ${tensorOf(inputs.find((port) => port.name === name)!)}`).join(', ')} });
\`\`\`

In Python, with \`onnxruntime\`:

\`\`\`python
session = onnxruntime.InferenceSession("${path}")
${read} = session.run(["${read}"], {${names.map((name) => `"${name}": ${name}`).join(', ')}})[0]
\`\`\`
`;
}

function tensorOf({ name, type, shape }: OnnxPort): string {
  const sizes = [1, ...shape.slice(1)].join(', ');
  return `new Tensor('${type}', ${name}, [${sizes}])`;
}
