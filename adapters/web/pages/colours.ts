// Colours that can be read, whatever colour an organisation has: contrasts by WCAG 2.2 (1.4.3: 4.5 to 1 for text).

/** Red, green and blue, 0 to 255. */
type Rgb = readonly [number, number, number];

/** The least contrast of text, and a little for rounding. */
const READABLE = 4.55;
/** Without a colour of its own: the blue of the bell. */
const DEFAULT = '#1f4b99';

/** What text and links stand on, by scheme: the page, and the cards on it. */
export const GROUNDS = { light: ['#f5f4f1', '#ffffff'], dark: ['#121315', '#1d1f22'] } as const;

export interface Palette {
  /** Of buttons. */
  readonly accent: string;
  /** Of the words on them: black or white, whichever reads better. */
  readonly onAccent: string;
  /** The colour as text and signs, on every ground of the scheme. */
  readonly link: string;
  /** What a chosen star is filled with, inside an edge of `link`: the colour itself where that can be seen. */
  readonly fill: string;
}

/**
 * The colours of a page in both schemes.
 * @param colour `#rrggbb`; the default one when it is left out or none
 */
export function paletteOf(colour: string | undefined): { readonly light: Palette; readonly dark: Palette } {
  const accent = colour !== undefined && /^#[0-9a-f]{6}$/i.test(colour) ? colour.toLowerCase() : DEFAULT;
  const onAccent = contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000';
  const visible = (name: keyof typeof GROUNDS) => contrast(accent, GROUNDS[name][1]) >= (name === 'light' ? 1.3 : 3);
  const scheme = (name: keyof typeof GROUNDS, towards: Rgb): Palette => {
    const link = readable(accent, GROUNDS[name], towards);
    return { accent, onAccent, link, fill: visible(name) ? accent : link };
  };
  return { light: scheme('light', [0, 0, 0]), dark: scheme('dark', [255, 255, 255]) };
}

/**
 * How well one colour is told from another, 1 to 21.
 * @param one `#rrggbb`
 */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(rgb(one)), luminance(rgb(other))].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards black or white no further than needed. */
function readable(colour: string, grounds: readonly string[], towards: Rgb): string {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = hex(rgb(colour).map((part, index) => part + ((towards[index] ?? 0) - part) * share));
    if (grounds.every((ground) => contrast(mixed, ground) >= READABLE)) return mixed;
  }
  return hex(towards);
}

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const hex = (parts: readonly number[]): string => `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance of sRGB, by WCAG's definition. */
function luminance(parts: Rgb): number {
  const [red = 0, green = 0, blue = 0] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
