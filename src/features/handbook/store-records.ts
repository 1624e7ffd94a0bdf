import type { Db, Tx } from '../../people/db.js';
import { type Broken, type ChainState, checkLink, EMPTY_CHAIN, versionHolds } from './verify.js';

/** What a check of an organisation's records found. */
export interface Verified {
  /** Signatures that hold. */
  readonly count: number;
  /** The first that doesn't: its number, and why. */
  readonly firstBroken?: { readonly seq: number; readonly why: Broken };
}

const BATCH = 1_000;

/**
 * Checks an organisation's chain of signatures from its first link: hashes, gaps, the details where they weren't
 * erased, the text of every version that was signed, and that the chain ends where its head says.
 * @param onProgress called with the number of links checked so far
 */
export async function verifyChain(db: Db, organisationId: string, onProgress: (count: number) => void = () => {}): Promise<Verified> {
  let state: ChainState = EMPTY_CHAIN;
  const versions = new Map<string, { readonly sha256: string; readonly holds: boolean } | undefined>();
  const head = await db.chainHead.findUnique({ where: { organisationId } });
  for (;;) {
    const rows = await db.acknowledgement.findMany({
      where: { organisationId, seq: { gt: state.seq } },
      orderBy: { seq: 'asc' },
      take: BATCH,
      include: { detail: true },
    });
    for (const { detail, ...link } of rows) {
      if (!versions.has(link.versionId)) versions.set(link.versionId, await checkVersion(db, organisationId, link.versionId));
      const version = versions.get(link.versionId);
      const why = checkLink(state, { link, detail }, version) ?? (version?.holds === false ? 'version_text' : undefined);
      if (why) return { count: Number(state.seq), firstBroken: { seq: Number(why === 'gap' ? state.seq + 1n : link.seq), why } };
      state = { seq: link.seq, hash: link.hash };
      if (head && head.seq === state.seq && head.hash !== state.hash)
        return { count: Number(state.seq) - 1, firstBroken: { seq: Number(state.seq), why: 'head' } };
    }
    onProgress(Number(state.seq));
    if (rows.length < BATCH) break;
  }
  // Links cut off at the end leave no gap: only the head knows of them. (Appended meanwhile: the chain is longer than the head that was read.)
  if ((head?.seq ?? 0n) > state.seq || (!head && state.seq > 0n && !(await db.chainHead.findUnique({ where: { organisationId } })))) {
    return { count: Number(state.seq), firstBroken: { seq: Number(state.seq) + 1, why: 'head' } };
  }
  return { count: Number(state.seq) };
}

async function checkVersion(db: Db, organisationId: string, id: string): Promise<{ sha256: string; holds: boolean } | undefined> {
  const version = await db.documentVersion.findUnique({
    where: { organisationId_id: { organisationId, id } },
    select: { id: true, sha256: true, title: true, statement: true, source: true },
  });
  return version ? { sha256: version.sha256, holds: versionHolds(version) } : undefined;
}

/**
 * Erases a person's words from the handbook: names, statements and salts of the signatures, reasons, questions.
 * The chain still verifies; it says no longer who signed in which words, only that it was this person's id.
 */
export async function eraseDetails(tx: Tx, organisationId: string, personId: string): Promise<void> {
  // The trigger on the details lets them go only in a transaction that says so.
  await tx.$executeRaw`SELECT set_config('bellhop.erasing', 'on', true)`;
  await tx.acknowledgementDetail.deleteMany({ where: { organisationId, acknowledgement: { personId } } });
  await tx.$executeRaw`SELECT set_config('bellhop.erasing', 'off', true)`;
  await tx.assignment.updateMany({ where: { organisationId, personId, declineReason: { not: null } }, data: { declineReason: '' } });
  await tx.assignment.updateMany({ where: { organisationId, personId, exemptReason: { not: null } }, data: { exemptReason: '' } });
  await tx.question.updateMany({ where: { organisationId, personId }, data: { words: '' } });
}
