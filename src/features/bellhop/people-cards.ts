import { type Action, button, CARD_LIMITS, type Card, type Row } from '../../core/card.js';
import { BellhopError } from '../../core/errors.js';
import { ref } from '../../core/ref.js';
import type { Block } from '../../core/rich.js';
import { hasRole } from '../../core/roles.js';
import { join, key, list, person, type Text, words } from '../../core/text.js';
import type { HandlerContext } from '../../people/handlers.js';
import { mayOpenRecord } from '../../people/record-access.js';
import { toRecord } from './record.js';
import * as store from './store.js';
import { noneText, platformText, roleText, troubleTexts } from './texts.js';

/** How many of those who can't be reached stand above the list; the others have a page of their own. */
const UNREACHABLE_SHOWN = 3;

/** The buttons to the pages before and after. */
export function pageActions(id: string, page: number, total: number): Action[] {
  const last = Math.max(0, Math.ceil(total / CARD_LIMITS.rows) - 1);
  return [
    ...(page > 0 ? [button(key('bellhop.ui.previous'), ref(id, { page: page - 1 }))] : []),
    ...(page < last ? [button(key('bellhop.ui.next'), ref(id, { page: page + 1 }))] : []),
  ];
}

/** "8 to 14 of 31", a quiet line; nothing when one page holds them all. */
export function pageFooter(page: number, shown: number, total: number): { footer: Text } | undefined {
  if (total <= CARD_LIMITS.rows || shown === 0) return undefined;
  const first = page * CARD_LIMITS.rows + 1;
  return { footer: key('bellhop.ui.page', { first, last: first + shown - 1, total }) };
}

export async function peopleCard(context: HandlerContext, page: number): Promise<Card> {
  const { db, organisation } = context;
  const { people, total } = await store.listPeople(db, organisation, { offset: page * CARD_LIMITS.rows, limit: CARD_LIMITS.rows });
  const unreachable = page === 0 ? await store.listUnreachable(db, organisation, { offset: 0, limit: UNREACHABLE_SHOWN }) : undefined;
  const body: Block[] = [];
  if (unreachable && unreachable.total > 0) {
    body.push({ kind: 'heading', text: key('bellhop.unreachable.title', { count: unreachable.total }) });
    body.push(...unreachable.people.map((one): Block => ({ kind: 'paragraph', text: unreachableLine(one) })), { kind: 'divider' });
  }
  return {
    summary: key('bellhop.people.lead', { count: total }),
    title: key('bellhop.people.title'),
    lead: key('bellhop.people.lead', { count: total }),
    body,
    rows: people.map(personRow),
    actions: [
      ...pageActions('bellhop.people_page', page, total),
      ...(unreachable && unreachable.total > unreachable.people.length
        ? [button(key('bellhop.unreachable.all'), ref('bellhop.unreachable', { page: 0 }))]
        : []),
      ...(page === 0 && hasRole(context.role, 'owner') ? [button(key('bellhop.import.open'), ref('bellhop.import_open'))] : []),
    ],
    ...pageFooter(page, people.length, total),
  };
}

function personRow(line: store.PersonLine): Row {
  const details: Text[] = [
    roleText(line.role),
    ...(line.teamName ? [words(line.teamName)] : []),
    ...(line.locationName ? [words(line.locationName)] : []),
    ...(line.lineManagerName ? [key('bellhop.people.reports_to', { manager: person(line.lineManagerName) })] : []),
  ];
  return {
    text: person(line.name),
    detail: join(details, ' · '),
    action: button(key('core.ui.open'), ref('bellhop.person', { personId: line.id })),
  };
}

function unreachableLine(one: store.Unreachable): Text {
  const { reason, remedy } = troubleTexts(one.reason);
  return key('bellhop.unreachable.line', { person: person(one.name), platform: platformText(one.platform), reason, remedy });
}

export async function unreachableCard(context: HandlerContext, page: number): Promise<Card> {
  const { people, total } = await store.listUnreachable(context.db, context.organisation, {
    offset: page * CARD_LIMITS.rows,
    limit: CARD_LIMITS.rows,
  });
  const title = key('bellhop.unreachable.title', { count: total });
  return {
    summary: title,
    title,
    lead: total === 0 ? key('bellhop.unreachable.none') : key('bellhop.unreachable.lead'),
    rows: people.map((one) => {
      const { reason, remedy } = troubleTexts(one.reason);
      return {
        text: key('bellhop.unreachable.who', { person: person(one.name), platform: platformText(one.platform) }),
        detail: join([reason, remedy], ' '),
      };
    }),
    actions: pageActions('bellhop.unreachable', page, total),
    ...pageFooter(page, people.length, total),
  };
}

/** One person; owners get the buttons that change them. Throws `people.person_gone`. */
export async function personCard(context: HandlerContext, personId: string): Promise<Card> {
  const { db, organisation } = context;
  const line = await store.findLine(db, organisation.id, personId);
  if (!line) throw new BellhopError('people.person_gone');
  const accounts = await store.listAccounts(db, organisation.id, personId);
  const left = accounts.length === 0;
  const blocked = !left && accounts.every((account) => account.unreachableReason !== null) ? accounts[0]?.unreachableReason : undefined;
  const trouble = blocked ? troubleTexts(blocked) : undefined;
  return {
    summary: person(line.name),
    title: person(line.name),
    ...(left && { lead: key('bellhop.person.left') }),
    ...(trouble && { lead: key('bellhop.person.unreachable', trouble) }),
    facts: [
      { label: key('bellhop.person.role'), value: roleText(line.role) },
      { label: key('bellhop.person.line_manager'), value: line.lineManagerName ? person(line.lineManagerName) : noneText },
      { label: key('bellhop.person.team'), value: line.teamName ? words(line.teamName) : noneText },
      { label: key('bellhop.person.location'), value: line.locationName ? words(line.locationName) : noneText },
      ...(left ? [] : [{ label: key('bellhop.person.accounts'), value: list(accounts.map((account) => platformText(account.platform))) }]),
    ],
    actions: [
      ...(hasRole(context.role, 'owner') && !left
        ? [
            button(key('bellhop.person.change_place'), ref('bellhop.place_open', { personId }), { style: 'primary' }),
            button(key('bellhop.person.change_role'), ref('bellhop.role_open', { personId })),
          ]
        : []),
      ...((await mayOpenRecord(context, personId)) ? [toRecord(personId)] : []),
    ],
  };
}

/** Who has a role above employee. */
export async function rolesCard(context: HandlerContext, page: number): Promise<Card> {
  const { people, total } = await store.listPeople(context.db, context.organisation, {
    offset: page * CARD_LIMITS.rows,
    limit: CARD_LIMITS.rows,
    roles: ['owner', 'manager'],
  });
  return {
    summary: key('bellhop.roles.title'),
    title: key('bellhop.roles.title'),
    lead: key('bellhop.roles.lead', { count: total }),
    rows: people.map((line) => ({
      text: person(line.name),
      detail: roleText(line.role),
      action: button(key('bellhop.roles.change'), ref('bellhop.role_open', { personId: line.id })),
    })),
    actions: pageActions('bellhop.roles_page', page, total),
    footer: pageFooter(page, people.length, total)?.footer ?? key('bellhop.roles.footer'),
  };
}
