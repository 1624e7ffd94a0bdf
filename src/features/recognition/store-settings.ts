import { key, type Text, words } from '../../core/text.js';
import type { Db, Tx } from '../../people/db.js';
import type { Organisation } from '../../people/model.js';
import { DEFAULT_VALUES, type Settings, type Value, type ValueCode } from './model.js';

/** How an organisation recognises; the defaults where it has set nothing. */
export async function loadSettings(db: Db | Tx, organisation: Organisation): Promise<Settings> {
  const row = await db.recognitionSettings.findUnique({ where: { organisationId: organisation.id } });
  const { allowance = 100, leadAllowance = 200, pairCap = 50, joinPoints = 5, reactionPoints = 5 } = row ?? {};
  return {
    allowance,
    leadAllowance,
    pairCap,
    joinPoints,
    reactionPoints,
    reactionEmoji: row?.reactionEmoji ?? 'bellhop_bell',
    channelId: row?.channelId ?? organisation.announcementsChannelId,
    currency: row?.currency ?? 'EUR',
  };
}

/** The values in use, in their order; the first ones are made when nobody has asked before. */
export async function listValues(db: Db | Tx, organisationId: string): Promise<readonly Value[]> {
  const rows = await db.serviceValue.findMany({ where: { organisationId }, orderBy: [{ position: 'asc' }, { id: 'asc' }] });
  if (rows.length > 0) return rows.filter((row) => !row.archivedAt).map(toValue);
  // All of them at once: nobody sees a part. Their ids are UUIDs of version 8 (RFC 9562), digests that schemas take.
  await db.$executeRaw`
    INSERT INTO service_value ("organisationId", id, code, emoji, position)
    SELECT ${organisationId}::uuid, overlay(overlay(md5(${`value:${organisationId}:`} || v.code) placing '8' from 13) placing '8' from 17)::uuid,
           v.code, v.emoji, v.position
    FROM jsonb_to_recordset(${JSON.stringify(DEFAULT_VALUES.map((value, position) => ({ ...value, position })))}::jsonb)
      AS v (code text, emoji text, position int)
    ON CONFLICT DO NOTHING`;
  return await listValues(db, organisationId);
}

/** A value by id, archived ones included: old kudos keep theirs. */
export async function findValue(db: Db | Tx, organisationId: string, id: string): Promise<Value | undefined> {
  const row = await db.serviceValue.findUnique({ where: { organisationId_id: { organisationId, id } } });
  return row ? toValue(row) : undefined;
}

interface Row {
  readonly id: string;
  readonly code: string | null;
  readonly name: string | null;
  readonly emoji: string;
}

export function toValue({ id, code, name, emoji }: Row): Value {
  return { id, code: code as ValueCode | null, name, emoji };
}

const NAMES: Readonly<Record<ValueCode, string>> = {
  courtesy: 'recognition.values.courtesy',
  helpfulness: 'recognition.values.helpfulness',
  ownership: 'recognition.values.ownership',
  teamwork: 'recognition.values.teamwork',
  speed: 'recognition.values.speed',
};

/** A value's name: the organisation's own, or the catalogue's. */
export function valueName({ code, name }: Value): Text {
  return name !== null ? words(name) : key(code ? NAMES[code] : 'recognition.values.unnamed');
}
