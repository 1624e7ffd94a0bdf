import type { Localise, Span, Text } from '../../../src/core/text.js';

/** Shows the catalogue's keys instead of prose, and people's words as they are. */
export const keys: Localise = (text): readonly Span[] => spans(text);

function spans(text: Text): Span[] {
  switch (text.kind) {
    case 'key':
      return [{ text: text.key }];
    case 'words':
      return [{ text: text.words, typed: true }];
    case 'person':
      return [{ text: text.name, typed: true }];
    case 'date':
      return [{ text: text.date }];
    case 'instant':
      return [{ text: text.at }];
    case 'number':
      return [{ text: String(text.value) }];
    case 'list':
    case 'join':
      return text.items.flatMap(spans);
  }
}
