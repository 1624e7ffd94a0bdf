import { currencyDigits } from '../../../core/text.js';

/**
 * An amount as people type it: "12.50", "12,5", "1 250".
 * @param currency ISO 4217
 * @returns in the currency's smallest unit; undefined when it is no amount, or finer than the currency
 */
export function readMoney(typed: string, currency: string): number | undefined {
  const digits = currencyDigits(currency);
  const found = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed.replace(/[\s\u00a0\u202f]/g, ''));
  const [, whole = '', part = ''] = found ?? [];
  if (!found || part.length > digits) return undefined;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, '0') || '0');
}

/**
 * An amount as a cell or a field holds it, without the currency: "12.50", "12,50" where a comma is the decimal sign.
 * @param minor in the currency's smallest unit
 */
export function writeMoney(minor: number, currency: string, locale: string): string {
  const digits = currencyDigits(currency);
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    numberingSystem: 'latn',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits);
}

/** A whole number of at most seven digits, as people type it ("1 000"); undefined for anything else. */
export function readWhole(typed: string): number | undefined {
  const digits = typed.replace(/[\s\u00a0\u202f]/g, '');
  return /^\d{1,7}$/.test(digits) ? Number(digits) : undefined;
}
