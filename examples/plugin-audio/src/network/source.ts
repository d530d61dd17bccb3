import { HeadstartError, type SourceDomain } from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import { assignValues, type Backbone } from '@headstart/core/network';
import { dsCnn } from './ds-cnn.ts';

const WEIGHTS = {
  uri: new URL('../../weights/ds-cnn-words.safetensors', import.meta.url).href,
  sha256: '127879dc51d9bb01f21de1d0e6e919c2c3017de8be644ff66c4e7b3309429945',
};

/** The network with the weights that this package ships: trained on words that a synthesiser spoke. */
export const dsCnnWords: SourceDomain = {
  id: 'ds-cnn-words',
  modality: 'audio',
  card: {
    title: 'DS-CNN, synthesised words',
    description: 'A small depthwise-separable network on log-mel spectrograms of one second.',
    trainedOn: 'English words spoken by the synthesiser eSpeak NG in many voices',
    licence: 'Apache-2.0',
    parameters: 22_528,
    input: '49 frames x 40 mel bands of one second at 16 kHz',
    files: [WEIGHTS],
    citation: 'Zhang et al., 2017. Hello Edge: Keyword Spotting on Microcontrollers. arXiv:1711.07128.',
  },
  async open({ artifacts }, { weights }) {
    const backbone = dsCnn();
    if (weights === 'none') return backbone;
    try {
      await loadWeights((await artifacts.file(WEIGHTS)).path, backbone);
    } catch (cause) {
      backbone.dispose();
      throw cause;
    }
    return backbone;
  },
};

/** Each variable by its name. @throws HeadstartError `weights-mismatch`, `checkpoint-*` */
async function loadWeights(path: string, { stages }: Backbone): Promise<void> {
  const { tensors } = await readSafetensors(path);
  for (const variable of stages.flatMap(({ variables }) => variables)) {
    const stored = tensors.get(variable.name);
    if (stored?.dtype !== 'F32' || stored.shape.join() !== variable.value.shape.join()) {
      throw new HeadstartError({
        code: 'weights-mismatch',
        message: `${path} holds no F32 tensor "${variable.name}" of the shape [${variable.value.shape.join(', ')}].`,
        hint: 'Install the package anew: its weights belong to another version.',
      });
    }
    assignValues(variable, (await stored.read()) as Float32Array);
  }
}
