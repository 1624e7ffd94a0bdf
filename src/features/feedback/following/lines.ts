import { join, key, person, type Text, words } from '../../../core/text.js';
import { caseName, kindLabel, starsText } from '../labels.js';
import type { Case, Said } from '../model.js';

/** A case in one line, without anything that the customer wrote: "Case 12 · ★☆☆☆☆ 1 of 5 · Old Town". */
export function caseLine(of: Pick<Case, 'number'>, feedback: Pick<Said, 'stars' | 'kind' | 'locationName'>): Text {
  const rated = feedback.stars === null ? kindLabel(feedback.kind) : starsText(feedback.stars);
  return join([caseName(of), rated, ...(feedback.locationName ? [words(feedback.locationName)] : [])], ' · ');
}

/** Who looks after a case: "Anna", "nobody yet". */
export const ownerText = ({ ownerName }: Pick<Case, 'ownerName'>): Text =>
  ownerName === null ? key('feedback.following.nobody') : person(ownerName);
