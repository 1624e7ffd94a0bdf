import { renderMail } from '../../adapters/email/render.js';
import type { MailContent } from '../../src/core/mail.js';
import type { Reader } from '../../src/core/text.js';
import type { MailTransport, OutgoingMail, RenderMail } from '../../src/delivery/mail-port.js';
import { loadCatalogues } from '../../src/runtime/catalogues.js';
import { createLocaliser } from '../../src/runtime/localise.js';

const localise = createLocaliser();
const LANGUAGES = [...loadCatalogues().keys()];

/** A mail server without faults that keeps what it was given, for tests of what features send. */
export interface RecordingMail extends MailTransport {
  readonly mails: readonly OutgoingMail[];
}

export function recordingMail(): RecordingMail {
  const mails: OutgoingMail[] = [];
  return {
    mails,
    from: { name: 'Bellhop', address: 'bellhop@example.com' },
    send: async (mail) => {
      mails.push(mail);
    },
  };
}

/**
 * Renders as the bot does, and looks at what every mail must keep first.
 * @param inspect throws for a card that no platform could show, or whose buttons lead nowhere
 */
export function checkedMail(inspect: (card: MailContent['card'], reader: Reader) => void): RenderMail {
  return (content, reader, shown) => {
    inspect(content.card, reader);
    for (const locale of LANGUAGES) {
      const { subject, text } = renderMail(content, { ...reader, locale }, localise);
      if (subject === '' || text.trim() === '') throw new Error(`${locale}: no subject, or no text: ${subject}`);
    }
    return renderMail(content, reader, shown);
  };
}

/** @throws Error when a mail program would not take it for what it is meant to be */
export function checkCalendar({ calendar }: Pick<OutgoingMail, 'calendar'>): void {
  if (!calendar) return;
  const lines = calendar.content.split(/\r?\n/);
  const problems = [
    ...(lines[0] === 'BEGIN:VCALENDAR' && lines.findLast((line) => line !== '') === 'END:VCALENDAR' ? [] : ['no whole calendar']),
    ...(lines.filter((line) => line.startsWith('METHOD:')).join() === `METHOD:${calendar.method}` ? [] : ['another METHOD']),
    ...(lines.some((line) => /^UID[:;]/.test(line)) ? [] : ['no UID']),
    ...(lines.some((line) => Buffer.byteLength(line) > 75) ? ['a line of more than 75 octets'] : []),
  ];
  if (problems.length > 0) throw new Error(`${problems.join(', ')}:\n${calendar.content}`);
}
