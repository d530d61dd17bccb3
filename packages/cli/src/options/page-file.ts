import { usage } from '../failures.ts';

/** Checks the name of a page's file. @throws HeadstartError of wrong use */
export function checkPageFile(option: string, file: string | undefined): void {
  if (file === undefined || /\.html?$/i.test(file)) return;
  throw usage(`--${option} writes a page, and ${file} is not named as one.`, 'Name a file that ends in .html.');
}
