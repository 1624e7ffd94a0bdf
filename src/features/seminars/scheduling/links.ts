import { MOST } from '../model.js';

/** What can be typed without its scheme: `zoom.example/j/123`. */
const BARE = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(:\d{1,5})?([/?#]\S*)?$/u;

/**
 * A typed web address, with its scheme; null when it is none. Only http and https: anything else could run in whatever
 * opens it.
 */
export function readLink(typed: string): string | null {
  const text = BARE.test(typed) ? `https://${typed}` : typed;
  if (text.length > MOST.link || /\s/.test(text)) return null;
  try {
    const { protocol, hostname, href } = new URL(text);
    return (protocol === 'https:' || protocol === 'http:') && hostname !== '' && href.length <= MOST.link ? href : null;
  } catch {
    return null;
  }
}

/** Whether a text is nothing but an address of a kind that must not be opened, such as `javascript:`. */
export const isForbiddenLink = (typed: string): boolean => /^\s*(javascript|data|vbscript|file|blob):/i.test(typed);
