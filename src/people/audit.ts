import type { Prisma } from '../generated/prisma/client.js';
import type { Tx } from './db.js';
import { newId } from './ids.js';

/** An act to be kept. `data` holds ids and codes, never people's words: audit events can't be erased. */
export interface AuditedAct {
  readonly organisationId: string;
  /** Null: Bellhop itself. */
  readonly actorId: string | null;
  /** `person.role_changed`, `handbook.published`. */
  readonly verb: string;
  readonly subjectId?: string | null;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Writes an act into the organisation's audit trail, in the transaction of the act itself. */
export async function recordEvent(tx: Tx, act: AuditedAct, at: Date): Promise<void> {
  await tx.auditEvent.create({
    data: {
      organisationId: act.organisationId,
      id: newId(at),
      at,
      actorId: act.actorId,
      verb: act.verb,
      subjectId: act.subjectId ?? null,
      data: { ...act.data } satisfies Prisma.InputJsonObject,
    },
  });
}
