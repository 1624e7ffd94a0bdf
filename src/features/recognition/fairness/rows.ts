import { key, list, person, type Text, words } from '../../../core/text.js';
import type { Faces } from '../giving/store-names.js';

/** Characters of somebody's words in a row: the whole of them stands on the card behind it. */
const ROW_CHARACTERS = 150;

/** The beginning of what somebody wrote, with a visible mark where it is cut; never within a character. */
export function beginningOf(text: string): Text {
  if (text.length <= ROW_CHARACTERS) return words(text);
  let kept = '';
  for (const { segment } of new Intl.Segmenter('und').segment(text)) {
    if (kept.length + segment.length > ROW_CHARACTERS) break;
    kept += segment;
  }
  return words(`${kept.trimEnd()}…`);
}

/** Who it is about, as short as a row has to be: "Ana and 2 more". */
export function firstOf(personIds: readonly string[], faces: Faces): Text {
  const [first = '', ...others] = personIds;
  const name = person(faces(first).name);
  return others.length === 0 ? name : list([name, key('recognition.more', { more: others.length })]);
}
