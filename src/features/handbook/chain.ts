import { randomBytes } from 'node:crypto';
import { sha256 } from './canonical.js';

/** What stands before the first signature of an organisation. */
export const GENESIS = '0'.repeat(64);

/** A link of the chain, as it is stored. */
export interface Link {
  readonly organisationId: string;
  readonly seq: bigint;
  readonly id: string;
  readonly assignmentId: string;
  readonly versionId: string;
  readonly personId: string;
  readonly versionSha256: string;
  readonly platform: string;
  readonly detailDigest: string;
  readonly viewedAt: Date;
  readonly consentedAt: Date;
  readonly signedAt: Date;
  readonly previousHash: string;
  readonly hash: string;
}

/** What can be erased without breaking the chain. */
export interface Detail {
  readonly salt: string;
  readonly typedName: string;
  readonly profileName: string;
  readonly workspaceExternalId: string;
  readonly accountExternalId: string;
  /** Exactly as shown. */
  readonly statement: string;
  readonly agreement: string;
}

/** The text that a link's hash is made of: a line each. The SQL function handbook_append_acknowledgement makes the same. */
export function canonicalRow(link: Omit<Link, 'hash'>): string {
  return [
    'bellhop-acknowledgement-1',
    link.organisationId,
    String(link.seq),
    link.id,
    link.assignmentId,
    link.versionId,
    link.personId,
    link.versionSha256,
    link.platform,
    link.detailDigest,
    link.viewedAt.toISOString(),
    link.consentedAt.toISOString(),
    link.signedAt.toISOString(),
    link.previousHash,
  ].join('\n');
}

export const hashOf = (link: Omit<Link, 'hash'>): string => sha256(canonicalRow(link));

/** SHA-256 of the salted details: without the salt it tells nothing about them. */
export function digestOf(detail: Detail): string {
  const { salt, typedName, profileName, workspaceExternalId, accountExternalId, statement, agreement } = detail;
  return sha256(JSON.stringify([salt, typedName, profileName, workspaceExternalId, accountExternalId, statement, agreement]));
}

/** 32 random bytes, in hexadecimal. */
export const newSalt = (): string => randomBytes(32).toString('hex');

/** A hash as people compare it by eye. */
export const shortHash = (hash: string): string => hash.slice(0, 12);
