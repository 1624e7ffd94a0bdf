import { timingSafeEqual } from 'node:crypto';
import type { WorkContext } from '../../../people/handlers.js';
import type { Vault } from '../../../people/ports.js';
import type { Case } from '../model.js';

/** The first part of the private page's path. */
export const LINK_DOOR = '/c';

const PURPOSE = 'feedback.link';
/** Hex characters of the part that can't be guessed: 128 bits. */
const MAC_CHARACTERS = 32;

type Linked = Pick<Case, 'id' | 'linkNonce'>;

/** What stands behind `/c/`: the case, and what only the bot can make of it and its nonce. */
export const linkToken = (vault: Vault, of: Linked): string => `${of.id}.${macOf(vault, of)}`;

/** The customer's private page of a case; undefined where the bot has no address. A new `linkNonce` ends the old link. */
export function linkOf(context: Pick<WorkContext, 'publicUrl' | 'vault'>, of: Linked): string | undefined {
  return context.publicUrl === undefined ? undefined : `${context.publicUrl}${LINK_DOOR}/${linkToken(context.vault, of)}`;
}

/** The case's id in what stands behind `/c/`, to be looked up; undefined for what was never such. */
export function caseIdIn(token: string): string | undefined {
  return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[0-9a-f]{32}$/.exec(token)?.[1];
}

/** Whether this is the case's own link. */
export function isLinkOf(vault: Vault, token: string, of: Linked): boolean {
  const [given, own] = [Buffer.from(token), Buffer.from(linkToken(vault, of))];
  return given.length === own.length && timingSafeEqual(given, own);
}

const macOf = (vault: Vault, { id, linkNonce }: Linked): string => vault.digest(`${id}.${linkNonce}`, PURPOSE).slice(0, MAC_CHARACTERS);
