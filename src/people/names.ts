/**
 * A name as a platform or a file gives it, made fit to be kept and shown: control characters and those that turn the
 * direction of writing are left out (they can make one name look like another), runs of blanks become one.
 * @returns at most 200 characters; empty when nothing is left
 */
export function cleanName(name: string): string {
  return [
    ...name
      .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim(),
  ]
    .slice(0, 200)
    .join('')
    .trim();
}

/** Letters that Unicode doesn't take apart into a base letter and a mark. */
const FOLDED: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', ı: 'i', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' };

/** A name for comparing: without case, diacritics and punctuation. `Bērziņš-Kļava` and `berzins klava` are the same. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[łøđðıßæœþ]/g, (letter) => FOLDED[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** An e-mail address for comparing; undefined when it is none. */
export function normaliseEmail(address: string | undefined): string | undefined {
  const email = address?.normalize('NFC').trim().toLowerCase();
  return email && email.length <= 254 && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email) ? email : undefined;
}

/** A locale as a platform tells it, in the spelling of BCP 47 (`en_us` -> `en-US`); undefined when it is none. */
export function cleanLocale(locale: string | undefined): string | undefined {
  if (!locale || locale.length > 35) return undefined;
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
