import type { RichInline } from '../../src/core/rich.js';
import { type Localise, plain, type Reader, type Text } from '../../src/core/text.js';

/** Text in one reader's language, as HTML and as plain characters; everything is escaped, and nothing typed becomes a link. */
export interface Wording {
  readonly reader: Reader;
  readonly html: (text: Text) => string;
  readonly plain: (text: Text) => string;
}

export function wordingFor(reader: Reader, localise: Localise): Wording {
  return {
    reader,
    html: (text) =>
      localise(text, reader)
        .map((span) => {
          const styled = style(escapeHtml(inert(span.text, span.typed === true)).replaceAll('\n', '<br>'), span);
          // Words that run from right to left don't turn what stands beside them.
          return span.typed ? `<bdi>${styled}</bdi>` : styled;
        })
        .join(''),
    plain: (text) => plain(localise(text, reader).map((span) => ({ text: inert(span.text, span.typed === true) }))),
  };
}

/** A run of a document: its author's links stay, all else is shown as it stands. */
export function inlineHtml(part: RichInline): string {
  const link = part.link !== undefined && isLink(part.link) ? part.link : undefined;
  const text = style(escapeHtml(inert(part.text || (link ?? ''), link === undefined)).replaceAll('\n', '<br>'), part);
  return link === undefined ? text : `<a href="${escapeHtml(link)}" class="link" style="color:#0b6e69">${text}</a>`;
}

export function inlinePlain(part: RichInline): string {
  const link = part.link !== undefined && isLink(part.link) ? part.link : undefined;
  const text = inert(part.text, link === undefined);
  if (link === undefined || link === part.text) return text;
  return text === '' ? link : `${text} (${link})`;
}

/** Whether an address may become a link: http(s), and mailto in a document. */
export function isLink(address: string): boolean {
  return URL.canParse(address) && ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol) && !/[\p{Cc}\s]/u.test(address);
}

/** One line without control characters, for a header. */
export function oneLine(text: string, most: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (line.length <= most) return line;
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/**
 * Without control characters. Mail programs make links of whatever looks like an address: an invisible joiner (U+2060)
 * keeps them from it in what somebody typed.
 */
function inert(text: string, typed: boolean): string {
  const clean = text.replaceAll('\r\n', '\n').replace(/[^\P{Cc}\n\t]|[\u2028\u2029]/gu, ' ');
  if (!typed) return clean;
  return clean.replace(/:(?=\/\/)|(?<=[\p{L}\p{N}])[.@](?=\p{L}{2})/gu, '$&\u2060');
}

function style(
  html: string,
  { bold, italic, code, strike }: { bold?: boolean; italic?: boolean; code?: boolean; strike?: boolean },
): string {
  const coded = code ? `<code style="font-family:Consolas,Menlo,monospace;font-size:14px">${html}</code>` : html;
  const struck = strike ? `<s>${coded}</s>` : coded;
  const leaning = italic ? `<em>${struck}</em>` : struck;
  return bold ? `<strong>${leaning}</strong>` : leaning;
}
