import type { EncoderConfig } from './encoder-config.ts';
import { MOST_TOKENS, MOST_WINDOWS, type SentenceSettings } from './sentence-settings.ts';

/** What a source with others of its options is called, such as `length=512`. */
export type OtherOptions = (options: string) => string;

/**
 * How to have an encoder read more of a text than its settings make it: longer pieces where its table of positions has more,
 * more windows where there may be more; a hint.
 * @param other what the source is called with other options, where it is at hand
 */
export function readingMore(
  { length, windows }: Pick<SentenceSettings, 'length' | 'windows'>,
  { positions, firstPosition }: Pick<EncoderConfig, 'positions' | 'firstPosition'>,
  other?: OtherOptions,
): string {
  const most = Math.min(positions - firstPosition, MOST_TOKENS);
  const longer = most > length * windows ? `length=${most}` : undefined;
  const more = Math.min(4 * windows, MOST_WINDOWS);
  const further = more > windows ? `length=${length},windows=${more}` : undefined;
  const named = [longer, further].filter((options) => options !== undefined);
  if (named.length === 0) return 'Shorten the texts to what matters.';
  if (!other)
    return `Train with a source that reads more (${named.join(', or ')}), or shorten the texts to what matters.`;
  const inWindows = further && `in windows by --source "${other(further)}"`;
  if (!longer) return `More is read ${inWindows}, which takes longer.`;
  return `More is read by --source "${other(longer)}", which takes longer${inWindows ? `, or ${inWindows}` : ''}.`;
}
