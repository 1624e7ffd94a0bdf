import { button, type Card, type Fact, notice, type Row } from '../../../core/card.js';
import { BellhopError } from '../../../core/errors.js';
import type { MergedLine } from '../../../core/feature.js';
import { ROWS, shownFooter, turnRows } from '../../../core/paging.js';
import { ref } from '../../../core/ref.js';
import { date, instant, join, key, person, type Text } from '../../../core/text.js';
import type { HandlerContext, WorkContext } from '../../../people/handlers.js';
import { namesOf } from '../giving/messages.js';
import { findManyKudos } from '../giving/store-kudos.js';
import { type Faces, loadFaces } from '../giving/store-names.js';
import type { Kudos } from '../model.js';
import { beginningOf, firstOf } from './rows.js';
import { type Flag, findFlag, listFlags } from './store-flags.js';

/** Throws BellhopError `recognition.flag_gone`, and `recognition.flag_not_yours` for whoever it is about. */
export async function flagFor({ db, organisation }: WorkContext, flagId: string, managerId: string): Promise<Flag> {
  const flag = await findFlag(db, organisation.id, flagId);
  if (!flag) throw new BellhopError('recognition.flag_gone');
  if (flag.personIds.includes(managerId)) throw new BellhopError('recognition.flag_not_yours');
  return flag;
}

async function facesOf({ db, organisation }: WorkContext, flags: readonly Flag[]): Promise<Faces> {
  return await loadFaces(
    db,
    organisation.id,
    flags.flatMap((flag) => [...flag.personIds, ...(flag.seenById ? [flag.seenById] : [])]),
  );
}

const TITLES = {
  mutual_giving: 'recognition.flag.mutual_title',
  month_end_burst: 'recognition.flag.burst_title',
  copied_reasons: 'recognition.flag.copied_title',
} as const;

/** What was seen, in one sentence with its figures. */
function leadOf({ kind, evidence, personIds }: Flag, faces: Faces): Text {
  const [first = '', ...rest] = personIds;
  const giver = person(faces(first).name);
  const people = namesOf(rest, faces);
  const { count, back = 0, points = 0, allowance = 0 } = evidence;
  switch (kind) {
    case 'mutual_giving':
      return key('recognition.flag.mutual', { giver, people, there: count, back });
    case 'month_end_burst':
      return key('recognition.flag.burst', { giver, people, points, allowance });
    case 'copied_reasons':
      return key('recognition.flag.copied', { giver, count });
  }
}

/** The evidence, for a manager whom it is not about: counts, days, and the words of what was public. */
export async function flagCard(context: WorkContext, flagId: string, managerId: string): Promise<Card> {
  const { db, organisation } = context;
  const flag = await findFlag(db, organisation.id, flagId);
  if (!flag || flag.personIds.includes(managerId)) return notice(key('recognition.errors.flag_gone'));
  const kudos = await findManyKudos(db, organisation.id, flag.evidence.kudosIds);
  const shown = flag.evidence.kudosIds.flatMap((id) => kudos.get(id) ?? []).slice(0, ROWS);
  const faces = await facesOf(context, [flag]);
  const named = await loadFaces(
    db,
    organisation.id,
    shown.flatMap((one) => [one.giverId, ...one.receiverIds]),
  );
  const lead = leadOf(flag, faces);
  return {
    summary: lead,
    title: key(TITLES[flag.kind]),
    lead,
    facts: factsOf(flag),
    body: [{ kind: 'paragraph', text: key('recognition.flag.no_verdict') }],
    rows: shown.map((one): Row => ({ text: rowOf(one, named), detail: wordsOf(one) })),
    actions:
      flag.seenAt === null ? [button(key('recognition.flag.seen'), ref('recognition.flag_seen', { flagId }), { style: 'primary' })] : [],
    footer: footerOf(flag, shown.length, faces),
  };
}

function factsOf({ kind, evidence }: Flag): readonly Fact[] {
  const days = join([date(evidence.from.slice(0, 10)), date(evidence.to.slice(0, 10))], ' – ');
  return [
    { label: key('recognition.flag.count'), value: key('recognition.flag.count_value', { count: evidence.count + (evidence.back ?? 0) }) },
    ...(kind === 'month_end_burst'
      ? [{ label: key('recognition.flag.points'), value: key('recognition.fair.points_value', { count: evidence.points ?? 0 }) }]
      : []),
    { label: key('recognition.flag.days'), value: days },
  ];
}

const rowOf = (kudos: Kudos, faces: Faces): Text =>
  key('recognition.fair.from_to', { giver: person(faces(kudos.giverId).name), people: firstOf(kudos.receiverIds, faces) });

/** What was private stays so: a manager sees that it was, and when. */
function wordsOf(kudos: Kudos): Text {
  const at = instant(kudos.createdAt);
  const points = key('recognition.fair.points_value', { count: kudos.points });
  const what = kudos.public
    ? kudos.words === ''
      ? key('recognition.flag.no_words')
      : beginningOf(kudos.words)
    : key('recognition.flag.private');
  return join([at, points, what], ' · ');
}

function footerOf(flag: Flag, shown: number, faces: Faces): Text {
  if (flag.seenById !== null && flag.seenAt !== null) {
    return key('recognition.flag.seen_by', { manager: person(faces(flag.seenById).name), at: instant(flag.seenAt) });
  }
  const more = flag.evidence.count + (flag.evidence.back ?? 0) - shown;
  return more > 0 ? key('recognition.flag.more', { more }) : key('recognition.flag.managers_only');
}

/** A flag as one line, where several messages are merged. */
export async function flagLine(context: WorkContext, flagId: string): Promise<MergedLine> {
  const flag = await findFlag(context.db, context.organisation.id, flagId);
  if (!flag) return { text: key('recognition.errors.flag_gone') };
  const faces = await facesOf(context, [flag]);
  return { text: leadOf(flag, faces), action: button(key('core.ui.open'), ref('recognition.flag_show', { flagId })) };
}

/** Flags that wait for this manager. */
export async function flagsCard(context: HandlerContext, offset: number): Promise<Card> {
  const { rows, total } = await listFlags(context.db, context.organisation.id, context.person.id, { offset, limit: ROWS });
  const faces = await facesOf(context, rows);
  const lead = key('recognition.flags.lead', { count: total });
  return {
    summary: lead,
    title: key('recognition.flags.title'),
    lead,
    rows: rows.map((flag) => ({
      text: leadOf(flag, faces),
      detail: instant(flag.createdAt),
      action: button(key('core.ui.open'), ref('recognition.flag_show', { flagId: flag.id })),
    })),
    actions: turnRows(offset, total, (next) => ref('recognition.flags', { offset: next })),
    ...shownFooter(offset, rows.length, total),
  };
}
