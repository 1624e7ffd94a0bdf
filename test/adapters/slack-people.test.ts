import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberProfile, SlackUser } from '../../adapters/slack/directory.js';
import { upsertMembers } from '../../src/people/accounts.js';
import { inTransaction } from '../../src/people/db.js';
import { erasePerson } from '../../src/people/erase.js';
import type { Organisation } from '../../src/people/model.js';
import { findPerson } from '../../src/people/people.js';
import { anAccount, anOrganisation, aPerson, aWorkspace, BUILT_AT, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type Json, TEAM, user } from '../support/fake-slack/directory-answers.js';

const database = useDatabase();
let organisation: Organisation;
beforeEach(async () => {
  organisation = await anOrganisation(database.db);
});
afterEach(() => database.reset());

/** What Slack tells of somebody, noted. @returns the person's id */
async function told(image_72: string | undefined, more: Json = {}): Promise<string> {
  const workspace = await aWorkspace(database.db, organisation, { platform: 'slack', externalId: TEAM });
  const slackUser = user('U0ANN', 'Ann Ozola', { profile: { real_name: 'Ann Ozola', ...(image_72 && { image_72 }) }, ...more });
  const profile = memberProfile(SlackUser.parse(slackUser), TEAM);
  const at = { ...workspace, organisationId: organisation.id };
  const known = await inTransaction(database.db, (tx) => upsertMembers(tx, testVault, at, [profile], { now: BUILT_AT }));
  return known.get('U0ANN')?.personId ?? '';
}
const pictureOf = async (personId: string) => (await findPerson(database.db, organisation.id, personId))?.pictureUrl;

describe('The picture of a person on Slack', () => {
  it('is noted, follows a change, and stays when Slack tells of none', async () => {
    const person = await told('https://avatars.example/1_72.png');
    expect(await pictureOf(person)).toBe('https://avatars.example/1_72.png');
    await told('https://avatars.example/2_72.png');
    expect(await pictureOf(person)).toBe('https://avatars.example/2_72.png');
    await told(undefined);
    expect(await pictureOf(person)).toBe('https://avatars.example/2_72.png');
  });

  it('is none where its address is no https address, or none is told', async () => {
    expect(await pictureOf(await told('http://avatars.example/1_72.png'))).toBeNull();
    expect(await pictureOf((await aPerson(database.db, organisation)).id)).toBeNull();
  });

  it('is that of the account used last', async () => {
    const person = await told('https://avatars.example/slack.png');
    const teams = await anAccount(database.db, organisation, person, { platform: 'teams', lastUsedAt: BUILT_AT });
    expect(await pictureOf(person)).toBe('https://avatars.example/slack.png');
    const where = { organisationId_id: { organisationId: organisation.id, id: teams.id } };
    await database.db.account.update({ where, data: { pictureUrl: 'https://avatars.example/teams.png' } });
    expect(await pictureOf(person)).toBe('https://avatars.example/teams.png');
  });

  it('goes with the person who is erased', async () => {
    const person = await told('https://avatars.example/1_72.png');
    await told(undefined, { deleted: true });
    expect(await inTransaction(database.db, (tx) => erasePerson(tx, organisation.id, person, BUILT_AT))).toBe(true);
    expect(await database.db.account.count({ where: { organisationId: organisation.id, pictureUrl: { not: null } } })).toBe(0);
  });
});
