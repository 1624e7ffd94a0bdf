import type { Vault } from '../../../people/ports.js';
import { MOST } from '../model.js';

/** The first part of a survey page's path. */
export const SURVEY_DOOR = '/f';

const PURPOSE = 'feedback.survey.thanks';
/** Hex characters of what only the bot can make: 80 bits. */
const MAC_CHARACTERS = 20;

/** What a slug may be: small letters, digits and hyphens inside. */
const SLUG = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
export const isSlug = (slug: string): boolean => slug.length <= MOST.slug && SLUG.test(slug);

/** How somebody came to a page, as its address tells. */
export interface Coming {
  /** The language that was switched to. */
  readonly lang?: string | undefined;
  /** Opened by the QR code of a complaint card. */
  readonly byCard?: boolean;
}

/** A page's path with what is kept along the way: `/f/old-town?lang=lv&via=card`. */
export function surveyPath(slug: string, { lang, byCard }: Coming = {}, below = ''): string {
  const query = new URLSearchParams({ ...(lang !== undefined && { lang }), ...(byCard && { via: 'card' }) }).toString();
  return `${SURVEY_DOOR}/${slug}${below}${query && `?${query}`}`;
}

/** What thanks tell of: the reference, and whether there is somebody to answer. */
export interface Thanked {
  /** 8 characters. */
  readonly reference: string;
  readonly reachable: boolean;
}

/** The last part of a thanks page's path. Only the bot can make it: nobody's made-up numbers are shown in the organisation's name. */
export function thanksToken(vault: Vault, { reference, reachable }: Thanked): string {
  const told = `${reference}.${reachable ? 'a' : 'n'}`;
  return `${told}.${vault.digest(told, PURPOSE).slice(0, MAC_CHARACTERS)}`;
}

/** What it tells of; undefined for what the bot didn't make. */
export function readThanksToken(vault: Vault, token: string): Thanked | undefined {
  const [, reference, flag] = /^([0-9A-HJKMNP-TV-Z]{8})\.([an])\.[0-9a-f]{20}$/.exec(token) ?? [];
  if (reference === undefined) return undefined;
  const thanked = { reference, reachable: flag === 'a' };
  return thanksToken(vault, thanked) === token ? thanked : undefined;
}
