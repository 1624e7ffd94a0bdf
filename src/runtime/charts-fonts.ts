import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** Scripts that are brought along, in the order in which they are looked through. Every server draws the same letters. */
const BROUGHT = [
  { package: 'noto-sans', scripts: ['latin', 'latin-ext', 'vietnamese', 'greek', 'cyrillic', 'cyrillic-ext', 'devanagari'] },
  { package: 'noto-sans-telugu', scripts: ['telugu'] },
] as const;

/** Regular text, and what leads. */
export const WEIGHTS = { regular: 400, strong: 600 } as const;

/** The font family of everything that is drawn, as CSS lists it. */
export const FAMILY = BROUGHT.flatMap(({ scripts }) => scripts.map((script) => `"Brought ${script}"`)).join(', ');

/** Makes the brought fonts known. Once, before anything is measured. */
export function registerFonts(): void {
  const { resolve } = createRequire(import.meta.url);
  for (const { package: name, scripts } of BROUGHT) {
    for (const script of scripts) {
      for (const weight of Object.values(WEIGHTS)) {
        const file = resolve(`@fontsource/${name}/files/${name}-${script}-${weight}-normal.woff2`);
        if (!GlobalFonts.register(readFileSync(file), `Brought ${script}`)) throw new Error(`${file} is no font.`);
      }
    }
  }
}
