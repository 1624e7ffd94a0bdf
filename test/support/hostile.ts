/** What people type, by mistake or on purpose: nothing of it may ping, link, format, run or break anything. */
const WORDS =
  '<!channel> <@U1> *bold* {{DATE(2027-01-01T00:00:00Z, SHORT)}} <b>html</b> \u202eمرحبا בוקר\u202c స్వాగతం 🛎️👩🏽‍🍳 [x](javascript:alert(1)) _it_ ~no~ `code` **Md** <script>alert(1)</script> &amp; @here {count, plural} తెలుగు Āžūīķļņ :smile: ="1"';

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

/** Markdown with everything that a document may hold, and what is taken out of it. */
export function hostileDocument(clauses: number): string {
  const text = Array.from(
    { length: clauses },
    (_, n) =>
      `## ${n} ${hostile(150)}\n\n${hostile(900)}\n\n- ${hostile(500)}\n  1. ${hostile(300)}\n\n> ${hostile(400)}\n\n\`\`\`\n${hostile(300)}\n\`\`\``,
  );
  const table = `| a | b |\n|---|---|\n| ${hostile(40)} | ![p](https://a.example/p.png) |`;
  return [hostile(300), ...text, table, `<div>${hostile(50)}</div>`].join('\n\n');
}
