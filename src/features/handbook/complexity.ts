/**
 * CommonMark's rules for emphasis and links make a parser compare every mark of a paragraph with every other: measured,
 * 200 KB of `*a*a*a` kept micromark busy for six minutes, and with it the whole process. What people write stays far below
 * these bounds; what exceeds them is refused before it is parsed.
 */
const BOUNDS = {
  /** Over all paragraphs, the square of the marks in each: about 1.5 s of parsing at worst. */
  marks: 40_000_000,
  /** Quotes and lists inside one another, and the blanks that nest them. */
  nesting: 40,
  indent: 160,
} as const;

/** Whether a text can be parsed in reasonable time. */
export function isParsable(markdown: string): boolean {
  let total = 0;
  let marks = 0;
  const close = () => {
    total += marks * marks;
    marks = 0;
  };
  for (const line of markdown.split('\n')) {
    const prefix = /^[\s>*+-]*/.exec(line)?.[0] ?? '';
    if ((prefix.match(/[>*+-]/g)?.length ?? 0) > BOUNDS.nesting && !/^[\s*-]+$/.test(line)) return false;
    if ((/^\s*/.exec(line)?.[0].length ?? 0) > BOUNDS.indent) return false;
    if (line.trim() === '' || /^\s*([-*+>|#]|\d+[.)])/.test(line)) close();
    marks += line.match(/[*_[\]!<`&\\(]/g)?.length ?? 0;
    if (total + marks * marks > BOUNDS.marks) return false;
  }
  close();
  return total <= BOUNDS.marks;
}
