import type { MailContent } from '../../src/core/mail.js';
import type { Localise, Reader } from '../../src/core/text.js';
import { htmlBody } from './render-html.js';
import { plainBody } from './render-plain.js';
import { oneLine, wordingFor } from './words.js';

/** Longer subjects are cut by every mail program. */
const SUBJECT = 150;

/** A composed mail in its reader's language: one line of subject, simple HTML, and the same as plain text. Pure. */
export function renderMail(
  { subject, card }: Pick<MailContent, 'subject' | 'card'>,
  reader: Reader,
  localise: Localise,
): { readonly subject: string; readonly text: string; readonly html: string } {
  const wording = wordingFor(reader, localise);
  const line = oneLine(wording.plain(subject), SUBJECT);
  return { subject: line, text: plainBody(card, wording), html: htmlBody(card, line, wording) };
}
