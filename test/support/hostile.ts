/** What people type, by mistake or on purpose: nothing of it may ping, link, format, run or break anything. */
const WORDS =
  '<!channel> <@U1> @here *bold* _it_ ~no~ `code` **Md** [x](javascript:alert(1)) <b>html</b> <script>alert(1)</script> &amp; {{DATE(2027-01-01T00:00:00Z, SHORT)}} {count, plural} \u202eمرحبا בוקר\u202c స్వాగతం తెలుగు Āžūīķļņ 🛎️👩🏽‍🍳 :smile: ="1"';

/** @param length in UTF-16 units, at most: it never ends within a character */
export function hostile(length: number): string {
  let text = '';
  for (const { segment } of new Intl.Segmenter('und').segment(`${WORDS} · `.repeat(Math.ceil(length / WORDS.length)))) {
    if (text.length + segment.length > length) break;
    text += segment;
  }
  return text.trim();
}

/** A name of somebody that nobody expects, different for each number. */
export const hostileName = (index: number): string => `${index} <!channel> *Ána* <@U1> ${hostile(200).slice(30, 110)}`.trim();
