import { beforeAll, expect, it } from 'vitest';
import { BellhopError } from '../../src/core/errors.js';
import { createFeatures } from '../../src/features/index.js';
import { newId } from '../../src/people/ids.js';
import { useDatabase } from '../support/database.js';
import { valuesOf } from '../support/form-values.js';
import { aSeries, type SeminarCompany, seminarCompany, theFirstDate } from '../support/seminar-company.js';
import { type TestBot, testBot } from '../support/test-bot.js';

/** Ids of another organisation, or of nothing at all, in the payload of every button and form: nothing is shown, nothing is changed. */

const database = useDatabase();
const SECRET = 'Nobody else’s business';

let company: SeminarCompany;
let foreign: TestBot;
let ids: { readonly dateId: string; readonly seriesId: string; readonly draftId: string };

const seminars = createFeatures({ directories: new Map() }).find(({ name }) => name === 'seminars');
const actions = (seminars?.actions ?? []).map(({ id }) => id);
const forms = (seminars?.forms ?? []).map(({ id }) => id);

beforeAll(async () => {
  await database.reset();
  foreign = await testBot({ now: '2027-03-01T08:00:00Z', database });
  const manager = await foreign.person({ name: 'Foreign Manager', role: 'manager' });
  const series = await aSeries(foreign, { hostId: manager.id, title: SECRET, capacity: 5 });
  const date = await theFirstDate(foreign, series.id);
  const opened = await foreign.as(manager).press({ id: 'seminars.follow_open', payload: { dateId: date.id } });
  expect(JSON.stringify(valuesOf(opened))).toContain(SECRET);
  const draft = await database.db.seminarDraft.findFirstOrThrow();
  ids = { dateId: date.id, seriesId: series.id, draftId: draft.id };
  company = await seminarCompany(database);
});

const everything = async () => {
  const where = { organisationId: foreign.organisation.id };
  const { seminarSeries, seminarDate, seminarDraft, seminarAnswer, seminarAttendance, seminarAgendaItem, delivery } = database.db;
  const tables = [seminarSeries, seminarDate, seminarDraft, seminarAnswer, seminarAttendance, seminarAgendaItem, delivery];
  return JSON.stringify(await Promise.all(tables.map(async (table) => await (table as typeof seminarDate).findMany({ where }))));
};

/** Whatever is answered: a refusal counts, a defect does not. */
const answered = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    return JSON.stringify(await act());
  } catch (error) {
    if (error instanceof BellhopError) return error.code;
    throw error;
  }
};

it.each(actions)('the button %s', async (id) => {
  const { bot, owner, boss } = company;
  const before = await everything();
  const payload = { ...ids, offset: 0, itemId: ids.dateId, taskId: ids.dateId, materialId: ids.dateId, personId: newId(bot.clock.now()) };
  for (const person of [owner, boss]) expect(await answered(async () => await bot.as(person).press({ id, payload }))).not.toContain(SECRET);
  expect(await everything()).toBe(before);
});

it.each(forms)('the form %s', async (id) => {
  const { bot, owner } = company;
  const before = await everything();
  const workspace = await database.db.workspace.findFirstOrThrow({ where: { id: owner.workspaceId } });
  const actor = { platform: owner.platform, workspaceExternalId: workspace.externalId, externalId: owner.externalId };
  const payload = { ...ids, shown: true, itemId: ids.dateId, taskId: ids.dateId, materialId: ids.dateId, personId: owner.id };
  const values = {
    day: '2027-03-20',
    time: '10:00',
    length: '60',
    scope: 'following',
    reason: 'Mine now.',
    place: 'Here',
    words: 'Mine',
    title: 'Mine',
  };
  const base = { actor, place: { kind: 'direct' as const }, requestId: `r-${id}`, onceKey: `foreign-${id}` };
  const sent = await answered(async () => await bot.dispatch({ ...base, kind: 'submit', ref: { id, payload }, values }));
  expect(sent).not.toContain(SECRET);
  expect(await everything()).toBe(before);
});

it('every button and form was tried', () => {
  expect(actions.length).toBeGreaterThan(40);
  expect(forms.length).toBeGreaterThan(5);
});
