import { contrast, hex, type Rgb, rgb } from '../../../src/core/colour.js';

// Colours that can be read, whatever colour an organisation has: contrasts by WCAG 2.2 (1.4.3: 4.5 to 1 for text).

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

/** The colour, moved towards black or white no further than needed. */
function readable(colour: string, grounds: readonly string[], towards: Rgb): string {
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = hex(rgb(colour).map((part, index) => part + ((towards[index] ?? 0) - part) * share));
    if (grounds.every((ground) => contrast(mixed, ground) >= READABLE)) return mixed;
  }
  return hex(towards);
}
