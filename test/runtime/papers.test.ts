import { readFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComplaintCard } from '../../src/people/ports.js';
import { registerFonts } from '../../src/runtime/charts-fonts.js';
import { createPapers } from '../../src/runtime/papers.js';
import { drawComplaintCard, onPaper } from '../../src/runtime/papers-card.js';
import { BELL } from '../../src/runtime/papers-marks.js';
import { tidyCard } from '../../src/runtime/papers-tidy.js';
import { hostile } from '../support/hostile.js';
import { linesOf, type PrintedPage, printed, scanned } from '../support/paper.js';

const papers = createPapers();
beforeAll(() => registerFonts());
afterAll(async () => await papers.stop());

const MM = 72 / 25.4;

const latvian: ComplaintCard = {
  locale: 'lv',
  organisation: 'Rīgas kafijas nams',
  place: 'Centra kafejnīca, Brīvības iela 12',
  headline: 'Kā Jums gāja?',
  lead: 'Pastāstiet, kas bija labi un kas jāuzlabo. Tas aizņem apmēram vienu minūti.',
  url: 'https://bellhop.example/f/riga-centrs-lv',
  scan: 'Noskenējiet vai rakstiet otrā pusē',
  write: 'Vai uzrakstiet šeit',
  scales: [
    { label: 'Laipnība', kind: 'smileys', from: 1, to: 5, low: 'slikti', high: 'lieliski' },
    { label: 'Gaidīšanas laiks', kind: 'numbers', from: 1, to: 5, low: 'pārāk ilgi', high: 'ātri' },
    { label: 'Vai ieteiktu mūs?', kind: 'numbers', from: 0, to: 10, low: 'nekādā ziņā', high: 'noteikti' },
  ],
  questions: ['Kas mums būtu jāzina?'],
  contact: {
    heading: 'Vai vēlaties atbildi?',
    fields: ['Vārds', 'E-pasts vai tālrunis'],
    consent: 'Piekrītu, ka ar mani sazinās par šo atsauksmi.',
  },
  handIn: 'Iemetiet kastītē pie durvīm.',
  footer: 'Karte Nr. 14 · 3. versija',
};

const telugu: ComplaintCard = {
  locale: 'te',
  organisation: 'Bellhop హైదరాబాద్',
  place: 'బంజారా హిల్స్',
  headline: 'ఎలా ఉంది?',
  lead: 'ఏది బాగుందో మాకు చెప్పండి.',
  url: 'https://bellhop.example/f/hyderabad-te',
  scan: 'స్కాన్ చేయండి లేదా వెనుక వ్రాయండి',
  write: 'ఇక్కడ వ్రాయండి',
  scales: [{ label: 'మర్యాద', kind: 'smileys', from: 1, to: 5, low: 'బాగాలేదు', high: 'చాలా బాగుంది' }],
  questions: ['మేము ఏమి తెలుసుకోవాలి?'],
  footer: 'క్షమించండి · స్త్రీ',
};

/** Without the blanks, which a line's end takes. */
const joined = (pages: readonly PrintedPage[]) => pages.map(({ text }) => text.replace(/\s+/g, '')).join('');
const bare = (text: string) => text.replace(/\s+/g, '');

/** How much ink there is closer to an edge than so many millimetres. */
function inkInMargin({ picture, width }: PrintedPage, millimetres: number): number {
  const edge = Math.floor((millimetres * MM * picture.width) / width);
  const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  let dark = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const inside = x >= edge && x < picture.width - edge && y >= edge && y < picture.height - edge;
      if (!inside && (data[(y * picture.width + x) * 4] ?? 0) < 250) dark += 1;
    }
  }
  return dark;
}

/** Lines that run into one another, or into the code on the front. */
function collisions(pdf: Uint8Array): readonly string[] {
  const lines = linesOf(pdf);
  return lines.flatMap((line, index) =>
    lines
      .slice(index + 1)
      .filter((other) => other.page === line.page && other.x < line.end && line.x < other.end)
      .filter((other) => Math.abs(other.baseline - line.baseline) < Math.min(line.size, other.size) * 0.95)
      .map((other) => `${line.text} / ${other.text}`),
  );
}

describe('a complaint card', () => {
  it('is an A6 of two pages whose code opens its address', async () => {
    for (const card of [latvian, telugu]) {
      const pages = await printed(await papers.complaintCard(card));
      expect(pages.map(({ width, height }) => [width / MM, height / MM].map((side) => Number(side.toFixed(2))))).toEqual([
        [105, 148],
        [105, 148],
      ]);
      const [front, back] = pages as [PrintedPage, PrintedPage];
      expect(scanned(front.picture)).toBe(card.url);
      expect(scanned(back.picture)).toBeUndefined();
      expect(pages.map((page) => inkInMargin(page, 5))).toEqual([0, 0]);
    }
  });

  it('has text that can be searched and read aloud, in every alphabet', async () => {
    const polish = 'Zażółć gęślą jaźń, čćđšž';
    for (const card of [{ ...latvian, place: polish }, telugu]) {
      const pdf = await papers.complaintCard(card);
      const text = joined(await printed(pdf, 36));
      const { organisation, place, headline, lead, scan, write, footer, scales, questions } = card;
      const labels = scales.flatMap(({ label, low = '', high = '' }) => [label, low, high]);
      const missing = [organisation, place, headline, lead, scan, write, footer, ...labels, ...questions].filter(
        (words) => !text.includes(bare(words)),
      );
      expect(missing).toEqual([]);
      const file = Buffer.from(pdf).toString('latin1');
      expect(file).toContain('/FontFile2');
      expect(file).not.toContain('/Type3');
      expect(file).toContain(`/Lang <feff${Buffer.from(card.locale, 'utf16le').swap16().toString('hex')}>`);
      expect(pdf.byteLength).toBeLessThan(100_000);
    }
  });

  it('is the same file for the same card', async () => {
    const [first, second] = await Promise.all([papers.complaintCard(latvian), papers.complaintCard(latvian)]);
    expect(Buffer.from(first as Uint8Array).equals(Buffer.from(second as Uint8Array))).toBe(true);
  });

  it('comes four on an A4, each with its code and the link on it', async () => {
    const pdf = await papers.complaintCard({ ...latvian, layout: 'a4' });
    const pages = await printed(pdf);
    expect(pages.map(({ width, height }) => [width / MM, height / MM].map((side) => Number(side.toFixed(2))))).toEqual([
      [210, 297],
      [210, 297],
    ]);
    const [front] = pages as [PrintedPage];
    const { picture } = front;
    const [width, height] = [Math.floor(picture.width / 2), Math.floor(picture.height / 2)];
    for (const [x, y] of [0, width].flatMap((left) => [0, height].map((top) => [left, top] as const))) {
      const card = createCanvas(width, height);
      card.getContext('2d').drawImage(picture, x, y, width, height, 0, 0, width, height);
      expect(scanned(card), `at ${x}, ${y}`).toBe(latvian.url);
    }
    expect(
      Buffer.from(pdf)
        .toString('latin1')
        .match(/\/Subtype \/Link/g),
    ).toHaveLength(4);
  });

  it('prints every scale and question that there is room for, six scales in any case', async () => {
    const scales = Array.from({ length: 12 }, (_, index) => ({
      ...latvian.scales[0],
      label: `Scale ${index}.`,
    })) as ComplaintCard['scales'];
    const contact = { heading: 'Answer?', fields: ['Name', 'E-mail', 'Telephone'], consent: 'Yes. '.repeat(60) };
    const questions = ['What was good?', 'What was not?'];
    const six = joined(await printed(await drawComplaintCard({ ...latvian, scales: scales.slice(0, 6), contact, questions }), 36));
    expect(scales.filter(({ label }) => six.includes(bare(label)))).toHaveLength(6);
    expect(questions.filter((question) => six.includes(bare(question)))).toEqual(questions);
    const pdf = await drawComplaintCard({ ...latvian, scales, contact, questions });
    const many = joined(await printed(pdf, 36));
    expect(scales.filter(({ label }) => many.includes(bare(label))).length).toBeGreaterThanOrEqual(8);
    expect(collisions(pdf)).toEqual([]);
  });

  it('stays whole whatever is written on it: 300 strings, long, foreign and malicious', async () => {
    const strings = corpus();
    expect(strings.length).toBeGreaterThanOrEqual(300);
    let next = 0;
    const take = () => strings[next++] ?? strings[next % strings.length] ?? '';
    while (next < strings.length) {
      const colour = next % 2 === 0 ? { colour: '#ffee00' } : {};
      const scales = Array.from({ length: 6 }, (_, index) => ({
        label: take(),
        kind: index % 2 === 0 ? ('numbers' as const) : ('smileys' as const),
        from: index - 3,
        to: index + 7,
        low: take(),
        high: take(),
      }));
      const card = tidyCard({
        ...{ locale: 'lv', organisation: take(), place: take(), headline: take(), lead: take(), scan: take(), write: take() },
        ...{ url: 'https://bellhop.example/f/riga', scales, questions: [take(), take()], footer: take(), handIn: take(), ...colour },
        contact: { heading: take(), fields: [take(), take(), take()], consent: take() },
      });
      const pdf = await drawComplaintCard(card);
      const pages = await printed(pdf, 100);
      expect(pages).toHaveLength(2);
      expect(scanned(pages[0]?.picture as PrintedPage['picture']), card.place).toBe(card.url);
      expect(
        pages.map((page) => inkInMargin(page, 5)),
        card.place,
      ).toEqual([0, 0]);
      expect(collisions(pdf), card.place).toEqual([]);
      // No string ends a string, adds an object or an action.
      const file = Buffer.from(pdf).toString('latin1');
      expect(file.match(/\/S \/URI/g)).toHaveLength(1);
      expect(file).not.toMatch(/\/(JavaScript|JS|Launch|OpenAction|EmbeddedFile)\b/);
    }
  }, 120_000);

  it.each([2, 4, 6, 8, 12, 30])('has room for its code, and for six scales, with texts of %i words in a tall script', async (length) => {
    const long = 'క్షమించండి '.repeat(length).trim();
    const scale = { ...latvian.scales[2], label: long, low: long, high: long } as ComplaintCard['scales'][number];
    const pdf = await drawComplaintCard({
      ...{ locale: 'te', organisation: long, place: long, headline: long, lead: long, url: latvian.url, scan: long, write: long },
      ...{ scales: Array(6).fill(scale), questions: [long, long], footer: long, handIn: long },
      contact: { heading: long, fields: [long, long, long], consent: long },
    });
    expect(collisions(pdf)).toEqual([]);
    const [front] = (await printed(pdf)) as [PrintedPage];
    expect(scanned(front.picture)).toBe(latvian.url);
    expect(widthOfCode(front)).toBeGreaterThanOrEqual(25);
    // Six times the figures from 0 to 10.
    expect(linesOf(pdf).filter(({ text }) => text === '10')).toHaveLength(6);
  });

  it('has room for its code with texts that fill all their lines before they have to shrink', async () => {
    const words = (count: number) => 'క్షమించండి '.repeat(count).trim();
    const full = { organisation: words(5), headline: words(2), place: words(5), lead: words(16), scan: words(5), footer: words(9) };
    const [front] = (await printed(await drawComplaintCard({ ...latvian, ...full, url: `${latvian.url}-${'x'.repeat(60)}` }))) as [
      PrintedPage,
    ];
    expect(scanned(front.picture)).toContain(latvian.url);
    expect(widthOfCode(front)).toBeGreaterThanOrEqual(25);
    expect(inkInMargin(front, 5)).toBe(0);
  });

  it('refuses an address that no code can hold, or that is none of the web', async () => {
    for (const url of ['javascript:alert(1)', '/f/riga', `https://bellhop.example/${'x'.repeat(700)}`]) {
      await expect(papers.complaintCard({ ...latvian, url }), url).rejects.toThrow(RangeError);
    }
    // The longest is read still.
    const url = `https://bellhop.example/f/${'x'.repeat(250)}`;
    const [front] = await printed(await papers.complaintCard({ ...latvian, url }));
    expect(front && scanned(front.picture)).toBe(url);
  });

  it('has a colour that white letters stand out on, and the bell of the icons', () => {
    expect(onPaper('#6b1d2a')).toBe('#6b1d2a');
    for (const light of ['#ffffff', '#ffee00', '#00ff00', 'red', '#12'])
      expect(contrast(onPaper(light)), light).toBeGreaterThanOrEqual(4.5);
    const svg = readFileSync(new URL('../../adapters/web/assets/bell.svg', import.meta.url), 'utf8');
    for (const drawn of [BELL.neck, BELL.dome, BELL.rings]) expect(svg).toContain(`d="${drawn}"`);
    for (const [x, y, width, height, radius] of BELL.rects) {
      expect(svg).toContain(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`);
    }
  });
});

function contrast(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) => (part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

/** Of the code's black, in millimetres: nothing else on the card is as black. */
function widthOfCode({ picture, width }: PrintedPage): number {
  const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
  const columns = new Set<number>();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 0) columns.add((at / 4) % picture.width);
  }
  return ((Math.max(...columns) - Math.min(...columns)) / picture.width) * (width / MM);
}

/** 300 strings and more. */
function corpus(): readonly string[] {
  const odd = [
    ...['', ' ', '\0\u0001\u001f\u007f', '\ud800', 'a\udc00b', '\ufeff', '\u202eabc', '\u2066x\u2069', '\u200d', '\u00ad'],
    ...['漢字かな交じり文'.repeat(40), '한국어 '.repeat(80), 'مرحبا بالعالم '.repeat(40), 'שלום עולם '.repeat(60), 'ไทย'.repeat(100)],
    ...[`Z${'\u0301'.repeat(400)}`, `త${'్త'.repeat(300)}`, 'స్త్రీ '.repeat(90), 'क्ष'.repeat(200), '👩🏽‍👩🏽‍👧🏽‍👦🏽🇱🇻1️⃣'.repeat(20), '🛎️'],
    ...[') Tj ET Q endstream endobj', '<feff0041>>> BDC', '1 1 5 .5 re\nf\nBT', '%%EOF', '/JavaScript (app.alert(1))', '\\)\\(\\'],
    ...['x'.repeat(5_000), 'W'.repeat(300), 'ā '.repeat(3_000), '='.repeat(90), "=cmd|' /C calc'!A1", '<script>alert(1)</script>'],
    ...['\n\n\n', '\t', 'a\r\nb', '\u2028', 'ﷺ'.repeat(50), '𓀀𓂀', '\u{10ffff}', '\ue000', '½ ⅓ ™ ©', '…'.repeat(400), '$&', '$1$`'],
  ];
  const text = hostile(4_000);
  const parts = Array.from({ length: 260 }, (_, index) => text.slice(index * 13, index * 13 + 4 + ((index * 37) % 500)));
  return [...odd, ...parts];
}
