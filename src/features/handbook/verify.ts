import { canonicalText, sha256 } from './canonical.js';
import { type Detail, digestOf, GENESIS, hashOf, type Link } from './chain.js';

/** Why a record doesn't verify; said in words by scripts/verify-records.ts. */
export type Broken = 'gap' | 'previous_hash' | 'hash' | 'detail' | 'version_missing' | 'version_hash' | 'version_text' | 'head';

/** A link with what it refers to. */
export interface LinkedRecord {
  readonly link: Link;
  /** Null when it was erased. */
  readonly detail: Detail | null;
}

export interface StoredVersion {
  readonly id: string;
  readonly sha256: string;
  readonly title: string;
  readonly statement: string;
  readonly source: string;
}

/** What the chain looks like up to a link. */
export interface ChainState {
  readonly seq: bigint;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainState = { seq: 0n, hash: GENESIS };

/** What is wrong with a link that follows `before`; undefined when it holds. */
export function checkLink(before: ChainState, record: LinkedRecord, version: { readonly sha256: string } | undefined): Broken | undefined {
  const { link, detail } = record;
  if (link.seq !== before.seq + 1n) return 'gap';
  if (link.previousHash !== before.hash) return 'previous_hash';
  if (hashOf(link) !== link.hash) return 'hash';
  if (detail && digestOf(detail) !== link.detailDigest) return 'detail';
  if (!version) return 'version_missing';
  if (version.sha256 !== link.versionSha256) return 'version_hash';
  return undefined;
}

/** Whether the stored text still has the hash that was published. */
export function versionHolds(version: StoredVersion): boolean {
  return sha256(canonicalText(version)) === version.sha256;
}
