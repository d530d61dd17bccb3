import { either, read, refused, type Expectation } from '../expectation.ts';
import {} from './text-readings.ts';

/** Folders of texts. */
export const folders: Readonly<Record<string, Expectation>> = {
  'txtf-imdb': either(
    read({ labels: ['neg', 'pos'], splits: [20, 0, 20], said: [/unsup/] }),
    read({ labels: ['neg', 'pos', 'unsup'], splits: [26, 0, 20], said: [/unsup/] }),
    refused(/unsup/),
  ),
  'txtf-imdb-clean': either(
    read({ labels: ['neg', 'pos'], splits: [20, 0, 20], said: [/unsup/] }),
    read({ labels: ['neg', 'pos', 'unsup'], splits: [26, 0, 20], said: [/unsup/] }),
    refused(/unsup/),
  ),
  'txtf-20news': {
    accept: [
      read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], splits: [20, 0, 20] }),
      refused(/20news-bydate-train|text-folder/),
    ],
    problem: /nested-class-folders/,
  },
  'txtf-20news+train': either(
    read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], samples: 20 }),
    refused(/text-folder/),
  ),
  'txtf-20news+reader': either(read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], samples: 20 })),
  'txtf-latin1': either(read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 }), refused(/UTF-8/)),
  'txtf-html': either(
    read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 }),
    refused(/\.html|\.eml/),
  ),
  'txtf-junk': either(read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 })),
  'txtf-junk+docx': either(
    read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20, said: [/docx/i] }),
    refused(/x\.docx/),
  ),
  'txtf-pdf': either(refused(/PDF/i, /text/)),
  'txtf-training': either(read({ task: 'text-classification', labels: ['bad', 'good'], splits: [20, 0, 20] })),
  'txtf-transcripts-beside': either(
    read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 12 }),
    refused(/text/, /picture|image/),
  ),
};
