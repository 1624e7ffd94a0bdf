import type { ComplaintCard, PaperContact, PaperScale } from '../people/ports.js';
import { WEIGHTS } from './charts-fonts.js';
import { CARD, footerPart, INK, INSIDE, type Look, MARGIN } from './papers-front.js';
import { drawFace } from './papers-marks.js';
import { type Block, block, centred, type Part, type Sheet, smaller } from './papers-text.js';

/** Lines to write on stand so far apart at least, in points: 6 mm. */
const RULE = 17;
const MOST_RULE = 22;
const MOST_STEPS = 11;
/** The part of the width that a scale's name has. */
const LABELS = 0.36;
const GAP = 9;
/** Under a question's last line, and above what to do with the card. */
const UNDER = 4;
/** Above the line of consent. */
const AGREED = 7;

/** Diameters of what is ticked, and the air between the rows, in points. */
const ROOMY = [
  [17, 7],
  [16, 5],
  [15, 3.5],
] as const;
const TIGHT = [
  [14, 2],
  [12.5, 1],
  [11.5, 0.5],
] as const;

/** What there may be of everything: less and less, until all scales fit. */
interface Level {
  readonly factor: number;
  /** Lines of a text. */
  readonly most: number;
  readonly questions: number;
  /** Lines to write on, for each question at least. */
  readonly lines: number;
  readonly sizes: readonly (readonly [diameter: number, air: number])[];
}
const LEVELS: readonly Level[] = [
  { factor: 1, most: 2, questions: 2, lines: 2, sizes: ROOMY },
  { factor: 0.92, most: 2, questions: 2, lines: 2, sizes: TIGHT },
  { factor: 0.88, most: 2, questions: 2, lines: 1, sizes: TIGHT },
  { factor: 0.85, most: 2, questions: 1, lines: 2, sizes: TIGHT },
];
const LAST: Level = { factor: 0.7, most: 1, questions: 1, lines: 1, sizes: TIGHT };

/** The side to write on. */
export function drawBack(sheet: Sheet, card: ComplaintCard, look: Look): void {
  const footer = footerPart(sheet, card, look);
  const bottom = CARD.height - MARGIN - footer.height;
  const { heading, scales, names, contact, handIn, end } = layOut(sheet, card, look, bottom);
  let top = MARGIN;
  heading.draw(top);
  top += heading.height;
  for (const part of scales.parts) {
    part.draw(top);
    top += part.height + scales.air;
  }
  if (scales.parts.length > 0) top += GAP - scales.air;
  const lines = spread(end - top - heightOf(names), names.length);
  for (const [index, name] of names.entries()) {
    name.draw(sheet, MARGIN, top);
    top += name.height;
    for (let line = 0; line < (lines.counts[index] ?? 0); line++) {
      top += lines.apart;
      rule(sheet, MARGIN, top, INSIDE);
    }
    top += UNDER;
  }
  contact.draw(end + GAP);
  handIn.draw(sheet, MARGIN, bottom - handIn.height);
  footer.draw(bottom);
}

const heightOf = (names: readonly Block[]) => names.reduce((sum, name) => sum + name.height + UNDER, 0);

function layOut(sheet: Sheet, card: ComplaintCard, look: Look, bottom: number) {
  const tried = (level: Level) => {
    const { factor, most } = level;
    const strong = { weight: WEIGHTS.strong, colour: INK.strong, most };
    const heading = headingPart(sheet, card.write, look, level);
    const contact = card.contact ? contactPart(sheet, card.contact, level) : { height: 0, draw: () => {} };
    const handIn = block(card.handIn ?? '', INSIDE, smaller({ size: 8.5, least: 6.5, ...strong }, factor));
    const questions = card.questions.filter((question) => question !== '').slice(0, level.questions);
    const names = questions.map((question) => block(question, INSIDE, smaller({ size: 9, least: 7, ...strong }, factor)));
    const end = bottom - (handIn.height && handIn.height + UNDER) - (contact.height && contact.height + GAP);
    const room = end - MARGIN - heading.height - GAP - heightOf(names) - names.length * level.lines * RULE;
    return { heading, contact, handIn, names, end, room };
  };
  for (const level of LEVELS) {
    const laid = tried(level);
    const scales = rows(sheet, card, { count: card.scales.length, level, room: laid.room });
    if (scales) return { ...laid, scales };
  }
  const laid = tried(LAST);
  for (let count = card.scales.length; count > 0; count--) {
    const scales = rows(sheet, card, { count, level: LAST, room: laid.room });
    if (scales) return { ...laid, scales };
  }
  return { ...laid, scales: { parts: [], air: 0 } };
}

/** The first scales, as roomy as can be; undefined when there is no room for them. */
function rows(sheet: Sheet, { scales, locale }: ComplaintCard, { count, level, room }: { count: number; level: Level; room: number }) {
  for (const [size, air] of level.sizes) {
    const parts = scales.slice(0, count).map((scale) => scalePart(sheet, scale, { locale, size, level }));
    if (parts.reduce((sum, part) => sum + part.height + air, 0) <= room) return { parts, air };
  }
  return undefined;
}

/** How many lines each question gets, and how far apart they are. */
function spread(room: number, questions: number): { counts: readonly number[]; apart: number } {
  if (questions === 0) return { counts: [], apart: RULE };
  const all = Math.max(questions, Math.floor(room / RULE));
  const counts = Array.from({ length: questions }, (_, index) => Math.floor(all / questions) + (index < all % questions ? 1 : 0));
  return { counts, apart: Math.min(MOST_RULE, room / all) };
}

function headingPart(sheet: Sheet, text: string, { colour }: Look, { factor, most }: Level): Part {
  const heading = block(text, INSIDE, smaller({ size: 14, least: 9, weight: WEIGHTS.strong, colour: INK.strong, most }, factor));
  return {
    height: heading.height + 12,
    draw: (top) => {
      heading.draw(sheet, MARGIN, top);
      sheet.context.fillStyle = colour;
      sheet.context.fillRect(MARGIN, top + heading.height + 3, INSIDE, 1.6);
    },
  };
}

interface Row {
  readonly locale: string;
  readonly size: number;
  readonly level: Level;
}

/** A scale: its name, what is ticked, and what the ends mean. */
function scalePart(sheet: Sheet, { label, kind, from, to, low = '', high = '' }: PaperScale, { locale, size, level }: Row): Part {
  const steps = Math.max(2, Math.min(MOST_STEPS, to - from + 1));
  const name = block(label, INSIDE * LABELS - 8, smaller({ size: 9, least: 6.5, colour: INK.text, most: 2 }, level.factor));
  const left = MARGIN + INSIDE * LABELS;
  const width = INSIDE * (1 - LABELS);
  const diameter = Math.min(size, width / steps - 1.5);
  // Few steps don't stray to the ends.
  const apart = Math.min((width - diameter) / (steps - 1), 30);
  const reach = apart * (steps - 1) + diameter;
  const start = left + width - reach;
  const ends = [low, high].map((end) => block(end, reach / 2 - 3, { size: 6.5, least: 5.5, colour: INK.quiet, most: 1 }));
  const [lowest, highest] = ends as [Block, Block];
  const under = Math.max(lowest.height, highest.height);
  const height = Math.max(name.height, diameter + 1 + under);
  const figures = new Intl.NumberFormat(locale);
  return {
    height,
    draw: (top) => {
      const y = top + (height - under - diameter - 1) / 2 + diameter / 2;
      name.draw(sheet, MARGIN, Math.max(top, Math.min(y - name.height / 2, top + height - name.height)));
      for (let step = 0; step < steps; step++) {
        const x = start + diameter / 2 + step * apart;
        if (kind === 'smileys') {
          drawFace(sheet, (2 * step) / (steps - 1) - 1, { x, y, radius: diameter / 2 - 0.5, colour: INK.strong });
          continue;
        }
        ring(sheet, x, y, diameter / 2 - 0.4);
        centred(sheet, figures.format(from + step), { x, y, size: diameter * 0.5, colour: INK.strong });
      }
      lowest.draw(sheet, start, y + diameter / 2 + 1);
      highest.draw(sheet, start + reach - highest.width, y + diameter / 2 + 1);
    },
  };
}

function contactPart(sheet: Sheet, { heading, fields, consent }: PaperContact, { factor, most }: Level): Part {
  const title = block(heading, INSIDE, smaller({ size: 9, least: 7, weight: WEIGHTS.strong, colour: INK.strong, most }, factor));
  const names = fields
    .filter((field) => field !== '')
    .slice(0, 3)
    .map((field) => block(field, INSIDE * 0.4, smaller({ size: 8, least: 6, colour: INK.text, most }, factor)));
  const box = 9;
  const agreed = block(consent, INSIDE - box - 6, smaller({ size: 7, least: 5.5, colour: INK.quiet, most: 4 }, factor));
  const rows = names.map(({ height }) => Math.max(RULE, height + 3));
  const height = title.height + rows.reduce((sum, row) => sum + row, 0) + (agreed.height > 0 ? Math.max(agreed.height, box) + AGREED : 0);
  return {
    height,
    draw: (from) => {
      let top = from;
      title.draw(sheet, MARGIN, top);
      top += title.height;
      for (const [index, name] of names.entries()) {
        top += rows[index] ?? RULE;
        name.draw(sheet, MARGIN, top - name.height + 1.5);
        rule(sheet, MARGIN + name.width + 5, top, INSIDE - name.width - 5);
      }
      if (agreed.height === 0) return;
      top += AGREED;
      sheet.context.strokeStyle = INK.text;
      sheet.context.lineWidth = 0.8;
      sheet.context.strokeRect(MARGIN + 0.4, top + 0.4, box - 0.8, box - 0.8);
      agreed.draw(sheet, MARGIN + box + 6, top);
    },
  };
}

/** A line to write on. */
function rule({ context }: Sheet, x: number, y: number, width: number): void {
  context.fillStyle = INK.line;
  context.fillRect(x, y - 0.3, width, 0.6);
}

function ring({ context }: Sheet, x: number, y: number, radius: number): void {
  context.strokeStyle = INK.text;
  context.lineWidth = 0.8;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}
