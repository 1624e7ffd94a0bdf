import type { ComplaintCard, PaperContact, PaperScale } from '../people/ports.js';

/** A card is read in a second: of longer texts nobody sees the end, and measuring it would take long. In UTF-16 units. */
const MOST_TEXT = 600;
const MOST_URL = 600;
const MOST_SCALES = 20;

/**
 * The card as it can be drawn, whatever was typed for it.
 * @throws RangeError when its address is none of the web, or over 600 characters long
 */
export function tidyCard(card: ComplaintCard): ComplaintCard {
  const url = URL.canParse(card.url) ? new URL(card.url) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href.length > MOST_URL) {
    throw new RangeError(`A QR code on paper needs an address on the web of ${MOST_URL} characters at most.`);
  }
  return {
    locale: card.locale,
    organisation: tidy(card.organisation),
    place: tidy(card.place),
    headline: tidy(card.headline),
    lead: tidy(card.lead),
    url: url.href,
    scan: tidy(card.scan),
    write: tidy(card.write),
    scales: card.scales.slice(0, MOST_SCALES).map(tidyScale),
    questions: card.questions.map(tidy),
    footer: tidy(card.footer),
    ...(card.contact && { contact: tidyContact(card.contact) }),
    ...(card.handIn !== undefined && { handIn: tidy(card.handIn) }),
    ...(card.logo && { logo: Uint8Array.from(card.logo) }),
    ...(card.colour !== undefined && { colour: card.colour }),
    ...(card.layout && { layout: card.layout }),
  };
}

const tidyScale = ({ label, kind, from, to, low, high }: PaperScale): PaperScale => ({
  label: tidy(label),
  kind,
  from,
  to,
  ...(low !== undefined && { low: tidy(low) }),
  ...(high !== undefined && { high: tidy(high) }),
});

const tidyContact = ({ heading, fields, consent }: PaperContact): PaperContact => ({
  heading: tidy(heading),
  fields: fields.map(tidy),
  consent: tidy(consent),
});

/** Marks on one letter that any language has; more of them would climb over the lines above. */
const MOST_MARKS = 8;

/** One line of what can be seen: no control characters, no changes of direction that make a text read as another. */
function tidy(text: string): string {
  const shown = text
    .slice(0, MOST_TEXT)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    // The joiners belong to the letters of Indian languages.
    .replace(/(?![\u200c\u200d])\p{Cf}|\p{Cs}|\p{Cn}/gu, '')
    .trim();
  const letters = [...new Intl.Segmenter().segment(shown)].map(({ segment }) => [...segment].slice(0, MOST_MARKS).join(''));
  return letters.join('');
}
