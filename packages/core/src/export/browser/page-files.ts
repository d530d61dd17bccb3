import type { PageCard } from './contract.ts';
import { PageFailure, reasonOf } from './page-error.ts';

/** The format of headstart.json that this reads. */
const FORMAT = 1;

/** A file of an exported folder. @throws PageError `file-missing` */
export async function fetchFile(url: URL): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new PageFailure({
      code: 'file-missing',
      message: `${url.href} cannot be fetched: ${reasonOf(cause)}.`,
      hint:
        url.protocol === 'file:'
          ? 'Browsers do not fetch from file: addresses. Serve the folder, for instance by `npx http-server`.'
          : 'Check that the server runs, and that it allows this page to fetch from it.',
      cause,
    });
  }
  if (response.ok) return response;
  throw new PageFailure({
    code: 'file-missing',
    message: `${url.href} is not there: the server answers ${response.status} ${response.statusText}`.trimEnd() + '.',
    hint: 'Serve all files of the exported folder side by side, as they were written.',
  });
}

/** headstart.json. @throws PageError `file-missing`, `card-invalid` */
export async function fetchCard(url: URL): Promise<PageCard> {
  const response = await fetchFile(url);
  let card: Partial<PageCard>;
  try {
    card = (await response.json()) as Partial<PageCard>;
  } catch (cause) {
    throw new PageFailure({
      code: 'card-invalid',
      message: `${url.href} is not JSON: ${reasonOf(cause)}.`,
      hint: 'Check that the server gives the file itself, and not a page in its place.',
      cause,
    });
  }
  if (card.format === FORMAT && Array.isArray(card.labels) && card.input?.kind && card.output?.kind)
    return card as PageCard;
  throw new PageFailure({
    code: 'card-invalid',
    message: `${url.href} does not describe a model: its format is ${String(card.format)}, and this page reads ${FORMAT}.`,
    hint: 'Take predict.js and headstart.json from one export.',
  });
}
