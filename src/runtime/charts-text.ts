import type { SKRSContext2D } from '@napi-rs/canvas';

/** A text as the brought fonts can draw it: without emoji, which are an empty box where no font has them. */
export function drawable(text: string): string {
  const letters = graphemes(text).filter((letter) => !EMOJI.test(letter) || /^[©®™]$/u.test(letter));
  const bare = letters.join('').replace(/\s+/gu, ' ').trim();
  return bare === '' ? text : bare;
}

/** Pictures, flags and keycaps. */
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/**
 * Breaks a text into lines at its blanks, and within a word that is wider than a line.
 * @param width of a line, in the context's units and with its font
 * @returns at most `most` lines; the last one ends in "…" when there was more
 */
export function wrap(context: SKRSContext2D, text: string, width: number, most: number): readonly string[] {
  const fits = (line: string) => context.measureText(line).width <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (!fits(line) && lines.length < most) {
      const head = longestThat(graphemes(line), fits);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  if (lines.length <= most) return lines;
  const last = longestThat(graphemes(lines.slice(most - 1).join(' ')), (head) => fits(`${head.trimEnd()}…`));
  return [...lines.slice(0, most - 1), `${last.trimEnd()}…`];
}

/** The same in as few lines, of about the same length: no last word stands alone. */
export function evenly(context: SKRSContext2D, text: string, width: number, most: number): readonly string[] {
  let lines = wrap(context, text, width, most);
  for (let narrower = width * 0.95; lines.length > 1 && narrower > width / 2; narrower -= width * 0.05) {
    const tried = wrap(context, text, narrower, most);
    if (tried.length > lines.length || tried.at(-1)?.endsWith('…')) break;
    lines = tried;
  }
  return lines;
}

/** The longest beginning that fits; one letter at least. */
function longestThat(letters: readonly string[], fits: (head: string) => boolean): string {
  let head = letters[0] ?? '';
  for (const letter of letters.slice(1)) {
    if (!fits(head + letter)) break;
    head += letter;
  }
  return head;
}

/** What a reader sees as one letter: a syllable of Telugu is never taken apart. */
const graphemes = (text: string): readonly string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
