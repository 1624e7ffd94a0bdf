import { join, person, type Text, words } from '../../../core/text.js';
import { bestLocale } from '../../../core/web.js';
import { ERASED_NAME } from '../../../people/erase.js';
import type { Organisation } from '../../../people/model.js';
import { WRITTEN } from '../languages.js';
import type { Said } from '../model.js';

/** BCP 47: what a customer speaks, as far as it is known; the organisation's language when nobody told. */
export function customerLanguage(feedback: Pick<Said, 'language'>, organisation: Pick<Organisation, 'locale'>): string {
  return feedback.language === 'und' ? organisation.locale : feedback.language;
}

/** The language of what is sent to a customer: theirs where we write it, else English. */
export function customerLocale(feedback: Pick<Said, 'language'>, organisation: Pick<Organisation, 'locale'>): string {
  return bestLocale([customerLanguage(feedback, organisation)], WRITTEN) ?? 'en';
}

/** Who writes, as customers read it: "Anna, Hotel X"; the organisation alone for nobody in particular. No surnames go out. */
export function signature(name: string | null, organisation: Pick<Organisation, 'name'>): Text {
  const first = name === ERASED_NAME ? undefined : name?.trim().split(/\s+/u)[0];
  return first ? join([person(first), words(organisation.name)], ', ') : words(organisation.name);
}
