import type { JSX } from 'preact';
import { type Localise, plain, type Reader, type Span, type Text } from '../../../src/core/text.js';

/** Turns Text into what stands in a page, in its language. */
export interface Speech {
  readonly locale: string;
  /** For attributes and titles. */
  readonly plain: (text: Text) => string;
  /** With its styles; a person's own words apart from what stands around them, whichever way they are written. */
  readonly rich: (text: Text) => JSX.Element;
}

export function speechIn(localise: Localise, reader: Reader): Speech {
  return {
    locale: reader.locale,
    plain: (text) => plain(localise(text, reader)),
    rich: (text) => (
      <>
        {localise(text, reader).map((span) => (
          <Piece {...span} />
        ))}
      </>
    ),
  };
}

function Piece({ text, typed, bold, italic, code }: Span): JSX.Element {
  let shown: JSX.Element | string = typed ? <bdi>{text}</bdi> : text;
  if (code) shown = <code>{shown}</code>;
  if (italic) shown = <em>{shown}</em>;
  if (bold) shown = <strong>{shown}</strong>;
  return <>{shown}</>;
}

/** Scripts that are written from right to left (Unicode, CLDR's `characterOrder`). */
const RIGHT_TO_LEFT = new Set(['Arab', 'Hebr', 'Thaa', 'Syrc', 'Nkoo', 'Adlm', 'Rohg']);

/** @param locale BCP 47 */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  try {
    return RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr';
  } catch {
    return 'ltr';
  }
}
