import type { Card } from '../../core/card.js';
import type { FileHandle } from '../../core/form.js';
import { file, type Reply } from '../../core/reply.js';
import type { Block } from '../../core/rich.js';
import { key, list, plain, type Text, words } from '../../core/text.js';
import { writeCsv } from '../../people/csv.js';
import { inTransaction } from '../../people/db.js';
import { form, type HandlerContext } from '../../people/handlers.js';
import { lockPeople } from '../../people/lock.js';
import { loadOrganisation } from '../../people/organisation.js';
import { readPeopleFile } from './csv.js';
import { type ImportFailure, type ImportField, type ImportLine, type ImportPlan, isRaised, planImport } from './import-plan.js';
import { tellRole } from './role-given.js';
import { IMPORT_INPUT, NOTHING } from './schema.js';
import * as store from './store.js';

/** Bytes. A line is about 100, so this is some 10,000 people. */
const LARGEST_FILE = 1_048_576;
/** Lines with a failure that stand in the card; all of them are in the file beside it. */
const FAILURES_SHOWN = 5;

const FIELD_KEYS: Readonly<Record<ImportField, string>> = {
  role: 'bellhop.import.changed_role',
  line_manager: 'bellhop.import.changed_line_manager',
  team: 'bellhop.import.changed_team',
  location: 'bellhop.import.changed_location',
};

const FAILURE_KEYS: Readonly<Record<ImportFailure, string>> = {
  person_missing: 'bellhop.import.person_missing',
  person_unknown: 'bellhop.import.person_unknown',
  person_ambiguous: 'bellhop.import.person_ambiguous',
  person_twice: 'bellhop.import.person_twice',
  role_unknown: 'bellhop.import.role_unknown',
  own_role: 'bellhop.import.own_role',
  last_owner: 'bellhop.import.last_owner',
  manager_unknown: 'bellhop.import.manager_unknown',
  manager_ambiguous: 'bellhop.import.manager_ambiguous',
  own_line: 'bellhop.import.own_line',
  name_too_long: 'bellhop.import.name_too_long',
};

export const importForm = form({
  id: 'bellhop.import',
  role: 'owner',
  payload: NOTHING,
  input: IMPORT_INPUT,
  build: async () => ({
    title: key('bellhop.import.title'),
    submit: key('bellhop.import.submit'),
    intro: [
      { kind: 'paragraph', text: key('bellhop.import.intro') },
      { kind: 'paragraph', text: key('bellhop.import.columns') },
    ],
    fields: [
      { kind: 'file', name: 'file', label: key('bellhop.import.file'), extensions: ['csv'], elsewhere: key('bellhop.import.elsewhere') },
    ],
  }),
  submit: async (context, { input }) => await importPeople(context, input.file),
});

/**
 * Takes over a file of people: all lines that are right, in one transaction, and a report of every line.
 * @throws BellhopError when the file can't be read at all
 */
export async function importPeople(context: HandlerContext, files: readonly FileHandle[]): Promise<Reply> {
  const [handle] = files;
  if (!handle) return { kind: 'nothing' };
  const lines = readPeopleFile(await handle.read(LARGEST_FILE), context.reader.locale);
  const organisationId = context.organisation.id;
  const plan = await inTransaction(context.db, async (tx) => {
    // The plan holds only as long as nobody else changes people.
    await lockPeople(tx, organisationId);
    const organisation = await loadOrganisation(tx, organisationId);
    const state = {
      people: await store.listForFile(tx, organisation),
      teams: await store.listTeams(tx, organisationId),
      locations: await store.listLocations(tx, organisationId),
      actorId: context.person.id,
    };
    const made = planImport(lines, state, (email) => context.vault.digest(email, 'person.email'));
    await carryOut(tx, context, made);
    return made;
  });
  const report = [
    [key('bellhop.import.report_line'), key('bellhop.import.report_who'), key('bellhop.import.report_result')].map((text) =>
      shown(context, text),
    ),
    ...plan.lines.map((line) => [String(line.line), line.who, shown(context, resultText(line))]),
  ];
  return file(
    {
      name: shown(context, key('bellhop.import.report_name')),
      mime: 'text/csv; charset=utf-8',
      content: writeCsv(report, context.reader.locale),
    },
    resultCard(plan),
  );
}

async function carryOut(tx: Parameters<Parameters<typeof inTransaction>[1]>[0], context: HandlerContext, plan: ImportPlan): Promise<void> {
  const organisationId = context.organisation.id;
  const now = context.clock.now();
  await store.createTeams(tx, organisationId, plan.newTeams, now);
  await store.createLocations(tx, organisationId, plan.newLocations, now);
  const teams = new Map((await store.listTeams(tx, organisationId)).map((team) => [team.name, team.id]));
  const locations = new Map((await store.listLocations(tx, organisationId)).map((location) => [location.name, location.id]));
  const after = plan.people.map((person) => ({
    id: person.before.id,
    role: person.role,
    lineManagerId: person.lineManagerId,
    teamId: person.teamName === null ? null : (teams.get(person.teamName) ?? null),
    locationId: person.locationName === null ? null : (locations.get(person.locationName) ?? null),
  }));
  await store.savePeople(tx, organisationId, after);
  const events = plan.people.flatMap(({ before, changed }, index) => {
    const now = after[index];
    if (!now) return [];
    const of: Record<ImportField, { verb: string; from: string | null; to: string | null }> = {
      role: { verb: 'person.role_changed', from: before.role, to: now.role },
      line_manager: { verb: 'person.line_manager_changed', from: before.lineManagerId, to: now.lineManagerId },
      team: { verb: 'person.team_changed', from: before.teamId, to: now.teamId },
      location: { verb: 'person.location_changed', from: before.locationId, to: now.locationId },
    };
    return changed.map((field) => ({ subjectId: before.id, ...of[field] }));
  });
  await store.saveAudit(tx, organisationId, context.person.id, events, now);
  for (const person of plan.people.filter(isRaised)) {
    await tellRole(
      tx,
      organisationId,
      { personId: person.before.id, from: person.before.role, to: person.role, byId: context.person.id },
      now,
    );
  }
}

function resultText({ result }: ImportLine): Text {
  if ('failure' in result) return key(FAILURE_KEYS[result.failure], { cell: words(result.cell) });
  if (result.changed.length === 0) return key('bellhop.import.unchanged');
  return key('bellhop.import.changed', { fields: list(result.changed.map((field) => key(FIELD_KEYS[field]))) });
}

function resultCard(plan: ImportPlan): Card {
  const failed = plan.lines.filter((line) => 'failure' in line.result);
  const changed = plan.lines.filter((line) => 'changed' in line.result && line.result.changed.length > 0).length;
  const summary = key('bellhop.import.done', { lines: plan.lines.length, changed, failed: failed.length });
  const body: Block[] = failed.slice(0, FAILURES_SHOWN).map((line) => ({
    kind: 'paragraph',
    text: key('bellhop.import.failed_line', { line: words(String(line.line)), result: resultText(line) }),
  }));
  return {
    summary,
    title: key('bellhop.import.title'),
    lead: summary,
    facts: [
      { label: key('bellhop.import.fact_changed'), value: { kind: 'number', value: changed } },
      { label: key('bellhop.import.fact_unchanged'), value: { kind: 'number', value: plan.lines.length - changed - failed.length } },
      { label: key('bellhop.import.fact_failed'), value: { kind: 'number', value: failed.length } },
    ],
    body,
    footer: key('bellhop.import.footer'),
  };
}

const shown = (context: HandlerContext, text: Text): string => plain(context.localise(text, context.reader));

/** Everybody with what an owner can set, as a file that can be changed and sent back. */
export async function exportPeople(context: HandlerContext): Promise<Reply> {
  const { db, organisation } = context;
  const people = await store.listForFile(db, organisation);
  const teams = new Map((await store.listTeams(db, organisation.id)).map((team) => [team.id, team.name]));
  const locations = new Map((await store.listLocations(db, organisation.id)).map((location) => [location.id, location.name]));
  const email = (person: store.FilePerson | undefined): string =>
    person?.emailCipher ? context.vault.open(person.emailCipher, 'person.email') : '';
  const byId = new Map(people.map((person) => [person.id, person]));
  const rows = people.map((person) => {
    const manager = person.lineManagerId ? byId.get(person.lineManagerId) : undefined;
    return [
      person.name,
      email(person),
      person.role,
      email(manager) || manager?.name || '',
      (person.teamId && teams.get(person.teamId)) || '',
      (person.locationId && locations.get(person.locationId)) || '',
    ];
  });
  const content = writeCsv([['name', 'email', 'role', 'line_manager', 'team', 'location'], ...rows], context.reader.locale);
  return file(
    { name: shown(context, key('bellhop.export.name')), mime: 'text/csv; charset=utf-8', content },
    {
      summary: key('bellhop.export.lead', { count: people.length }),
      title: key('bellhop.export.title'),
      lead: key('bellhop.export.lead', { count: people.length }),
    },
  );
}
