/** Elements that begin on a line of their own. */
const BLOCKS = new Set(['p', 'div', 'li', 'tr', 'blockquote', 'pre', 'hr', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

/** Elements whose content is nobody's words. */
const SILENT = new Set(['script', 'style', 'attachment', 'systemeventmessage']);

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', amp: '&' };

/**
 * What can be read of a message's HTML, as Teams quotes it: no tags, lines where blocks begin, and the words that stand for
 * emoji and pictures. It is shown as somebody's words afterwards and never as markup.
 */
export function htmlToText(html: string): string {
  let text = '';
  let silent: string | undefined;
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? -1 : html.indexOf('>', open);
    if (open < 0 || end < 0) {
      if (!silent) text += decode(html.slice(at));
      break;
    }
    const between = html.slice(at, open);
    // What only parts the tags in the source is no blank line.
    if (!silent && !(text.endsWith('\n') && /^[ \t\r\n]*$/.test(between))) text += decode(between);
    const tag = html.slice(open + 1, end);
    const [, closing = '', name = ''] = /^(\/?)\s*([a-z][a-z0-9]*)/i.exec(tag) ?? [];
    const element = name.toLowerCase();
    if (silent) {
      if (closing && element === silent) silent = undefined;
    } else if (SILENT.has(element) && !closing && !tag.endsWith('/')) silent = element;
    else if (element === 'br') text += '\n';
    else if (BLOCKS.has(element)) text += text === '' || text.endsWith('\n') ? '' : '\n';
    else if (!closing && (element === 'img' || element === 'emoji')) text += decode(/\balt="([^"]*)"/i.exec(tag)?.[1] ?? '');
    at = end + 1;
  }
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** One pass, so that a typed `&amp;lt;` stays what it was. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, (entity, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? entity;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff) ? String.fromCodePoint(code) : entity;
  });
}
