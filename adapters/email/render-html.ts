import type { Card } from '../../src/core/card.js';
import type { Block, RichBlock } from '../../src/core/rich.js';
import { linksOf, progressFigures, saysMore } from './parts.js';
import { escapeHtml, inlineHtml, type Wording } from './words.js';

/** Mail programs keep inline styles and little else; the sheet is for those that can show a dark page. */
const DARK = `@media (prefers-color-scheme: dark) {
.page { background: #15171c !important; }
.card { background: #22252c !important; border-color: #3a3f49 !important; color: #f1f3f5 !important; }
.soft { color: #b6bcc6 !important; }
.rule { border-color: #3a3f49 !important; }
.link { color: #79d6ce !important; }
.button { background: #79d6ce !important; border-color: #79d6ce !important; color: #10201f !important; }
.plain { background: transparent !important; border-color: #79d6ce !important; color: #79d6ce !important; }
}`;

const INK = '#1f2430';
const SOFT = '#5c6470';
const RULE = '#dfe2e7';
const ACCENT = '#0b6e69';
const PARAGRAPH = 'margin:0 0 14px';

/**
 * A card as a page of one column that every mail program shows: tables, inline styles, no pictures, nothing fetched.
 * @param subject the page's title
 */
export function htmlBody(card: Card, subject: string, wording: Wording): string {
  const { html } = wording;
  const parts = [
    ...(saysMore(card) ? [] : [paragraph(html(card.summary))]),
    ...(card.title ? [`<h1 style="margin:0 0 10px;font-size:22px;line-height:1.3;font-weight:700">${html(card.title)}</h1>`] : []),
    ...(card.lead ? [`<p style="margin:0 0 18px;font-size:17px">${html(card.lead)}</p>`] : []),
    facts(card, wording),
    ...(card.body ?? []).map((block) => blockHtml(block, wording)),
    rows(card, wording),
    buttons(card, wording),
  ].join('');
  const footer = card.footer
    ? `<p class="soft rule" style="margin:20px 0 0;padding:14px 0 0;border-top:1px solid ${RULE};font-size:13px;color:${SOFT}">${html(card.footer)}</p>`
    : '';
  return `<!DOCTYPE html>
<html lang="${escapeHtml(wording.reader.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(subject)}</title>
<style>
${DARK}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f6">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${html(card.summary)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f4f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="card" style="padding:28px 28px 24px;background:#ffffff;border:1px solid ${RULE};border-radius:10px;color:${INK};font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;text-align:left;overflow-wrap:anywhere">
${parts}${footer}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function facts(card: Card, { html }: Wording): string {
  if (!card.facts || card.facts.length === 0) return '';
  const lines = card.facts.map(
    ({ label, value }) =>
      `<tr><td class="soft" style="padding:3px 16px 3px 0;color:${SOFT};vertical-align:top">${html(label)}</td><td style="padding:3px 0;vertical-align:top">${html(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 18px">${lines.join('')}</table>`;
}

function rows(card: Card, { html }: Wording): string {
  if (!card.rows || card.rows.length === 0) return '';
  const lines = card.rows.map(({ text, detail }) => {
    const under = detail ? `<div class="soft" style="color:${SOFT};font-size:14px">${html(detail)}</div>` : '';
    return `<tr><td class="rule" style="padding:9px 0;border-top:1px solid ${RULE}">${html(text)}${under}</td></tr>`;
  });
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 18px">${lines.join('')}</table>`;
}

/** The first link leads, the others stand beside it. */
function buttons(card: Card, { html }: Wording): string {
  const links = linksOf(card).map(({ label, url }, index) => {
    const colours = index === 0 ? `background:${ACCENT};color:#ffffff` : `background:#ffffff;color:${ACCENT}`;
    return `<a href="${escapeHtml(url)}" class="${index === 0 ? 'button' : 'plain'}" style="display:inline-block;margin:0 8px 8px 0;padding:10px 18px;border:1px solid ${ACCENT};border-radius:6px;${colours};font-weight:600;text-decoration:none">${html(label)}</a>`;
  });
  return links.length > 0 ? `<div style="margin:22px 0 6px">${links.join('')}</div>` : '';
}

function blockHtml(block: Block, wording: Wording): string {
  const { html, plain } = wording;
  switch (block.kind) {
    case 'paragraph':
      return paragraph(html(block.text));
    case 'heading':
      return heading(html(block.text));
    case 'quote':
      return quote(html(block.text) + (block.by ? `<div class="soft" style="color:${SOFT};font-size:14px">— ${html(block.by)}</div>` : ''));
    case 'rich':
      return block.blocks.map(richHtml).join('');
    case 'progress': {
      const share = block.total > 0 ? Math.round(Math.min(1, Math.max(0, block.done / block.total)) * 100) : 0;
      const label = plain(block.label);
      const bar = `<div class="rule" style="margin:0 0 4px;height:8px;border:1px solid ${RULE};border-radius:5px;overflow:hidden"><div class="button" style="width:${share}%;height:8px;background:${ACCENT}"></div></div>`;
      return `${bar}${paragraph(html(block.label) + escapeHtml(progressFigures(label, block.done, block.total, wording)))}`;
    }
    case 'divider':
      return `<hr class="rule" style="margin:18px 0;border:0;border-top:1px solid ${RULE}">`;
    case 'picture':
      return paragraph(html(block.alt));
    case 'faces':
      return paragraph(html({ kind: 'list', items: block.people.map(({ name }) => ({ kind: 'person', name })) }));
  }
}

function richHtml(block: RichBlock): string {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block.content.map(inlineHtml).join(''));
    case 'heading':
      return heading(block.content.map(inlineHtml).join(''));
    case 'quote':
      return quote(block.content.map(inlineHtml).join(''));
    case 'preformatted':
      return `<pre style="${PARAGRAPH};font-family:Consolas,Menlo,monospace;font-size:14px;white-space:pre-wrap">${escapeHtml(block.text)}</pre>`;
    case 'list': {
      // Flat and indented, as the chats show it: each item says its own number.
      const counts: number[] = [];
      return block.items
        .map(({ depth, marker, content }) => {
          counts.length = depth + 1;
          counts[depth] = (counts[depth] ?? (depth === 0 ? (block.start ?? 1) - 1 : 0)) + 1;
          const mark = marker ?? (block.ordered ? `${counts[depth]}.` : '•');
          return `<div style="margin:0 0 6px ${depth * 20}px">${escapeHtml(mark)} ${content.map(inlineHtml).join('')}</div>`;
        })
        .join('');
    }
  }
}

const paragraph = (html: string): string => `<p style="${PARAGRAPH}">${html}</p>`;
const heading = (html: string): string => `<h2 style="margin:20px 0 8px;font-size:18px;line-height:1.3">${html}</h2>`;
const quote = (html: string): string =>
  `<blockquote class="rule" style="${PARAGRAPH};padding:2px 0 2px 14px;border-left:3px solid ${RULE}">${html}</blockquote>`;
