import { beforeEach, describe, expect, it } from 'vitest';
import { ChatError } from '../../src/delivery/port.js';
import { createBellhopFeature, onDirectoryChange } from '../../src/features/bellhop/index.js';
import { ensureFirstOwner } from '../../src/people/claim.js';
import { inTransaction } from '../../src/people/db.js';
import { aChannel, anOrganisation, aWorkspace } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { aMember, type FakeDirectory, fakeDirectory } from '../support/fake-directory.js';
import { buttonsOf, cardsOf, hintOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const database = useDatabase();
let bot: TestBot;
let slack: FakeDirectory;

beforeEach(async () => {
  await database.reset();
  slack = fakeDirectory('slack');
  bot = await testBot({
    now: '2027-03-02T09:00:00Z',
    database,
    organisation: { firstRunDone: false },
    features: [createBellhopFeature({ directories: new Map([['slack', slack]]) })],
  });
});

const db = () => database.db;
const SETTINGS = { zone: 'Europe/Riga', start: '09:00', end: '17:00', days: ['1', '2'], locale: 'lv', daily_cap: '5', guests: false };
const refs = (answer: Parameters<typeof cardsOf>[0]) => cardsOf(answer).flatMap((card) => buttonsOf(card).map((button) => button.id));

describe('the first owner', () => {
  it('claims, is asked for the settings once, and sees the card done', async () => {
    await db().organisation.updateMany({ data: { firstRunAskedAt: null } });
    const code = await ensureFirstOwner(bot.work, bot.organisation.id);
    const ana = await bot.person({ name: 'Ana', zone: 'Europe/Riga' });
    expect(keysIn(await bot.as(ana).command('bellhop claim WRNG-WRNG-WRNG-WRNG'))).toContain('people.errors.claim_wrong');
    expect(keysIn(await bot.as(ana).command(`bellhop claim ${code}`))).toContain('bellhop.claim.done');
    await bot.runDue();
    await bot.runDue();
    expect(bot.messagesTo(ana)).toHaveLength(1);
    const form = await bot.as(ana).click('bellhop.settings_open');
    expect(form).toMatchObject({ kind: 'form', form: { ref: { id: 'bellhop.settings' } } });
    const channel = await aChannel(db(), bot.organisation, { name: 'news' });
    const saved = await bot.as(ana).submit(form, { ...SETTINGS, country: 'lv', announcements: channel.externalId, managers: channel.id });
    expect(keysIn(saved)).toContain('bellhop.settings.saved');
    expect(await db().organisation.findFirstOrThrow()).toMatchObject({
      zone: 'Europe/Riga',
      locale: 'lv',
      country: 'LV',
      workDays: [1, 2],
      announcementsChannelId: channel.id,
      managersChannelId: channel.id,
      firstRunDoneAt: bot.clock.now(),
    });
    bot.clock.forward({ seconds: 5 });
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ana)[0]?.card)).toContain('bellhop.first_run.done');
  });

  it('is asked when the configured address appears in a reading', async () => {
    await db().organisation.updateMany({ data: { firstRunAskedAt: null } });
    const workspace = await aWorkspace(db(), bot.organisation);
    await ensureFirstOwner(bot.work, bot.organisation.id, { ownerEmail: 'ana@example.com' });
    slack.list = [aMember('U1', { name: 'Ana', email: 'ana@example.com' }), aMember('U2'), aMember('U3')];
    await inTransaction(db(), (tx) =>
      onDirectoryChange(tx, { kind: 'installed', organisationId: bot.organisation.id, workspaceId: workspace.id }, bot.clock.now()),
    );
    await bot.runDue();
    expect(await db().person.count()).toBe(3);
    expect(keysIn(bot.messagesTo({ externalId: 'U1' } as never)[0]?.card)).toContain('bellhop.first_run.title');
  });
});

describe('settings', () => {
  it.each([
    [{ zone: 'Riga' }, 'zone', 'bellhop.errors.zone_unknown'],
    [{ end: '09:00' }, 'end', 'bellhop.errors.end_before_start'],
    [{ start: '25:00' }, 'start', 'bellhop.errors.time_missing'],
    [{ days: [] }, 'days', 'bellhop.errors.days_missing'],
    [{ country: 'XQ' }, 'country', 'bellhop.errors.country_unknown'],
    [{ locale: 'tlh' }, 'locale', 'bellhop.errors.language_missing'],
    [{ daily_cap: '0' }, 'daily_cap', 'bellhop.errors.cap_out_of_range'],
    [{ daily_cap: 'five' }, 'daily_cap', 'bellhop.errors.cap_out_of_range'],
    [{ announcements: 'C-UNKNOWN' }, 'announcements', 'people.errors.channel_unknown'],
  ])('keeps what was typed and says what to mend: %o', async (wrong, field, expected) => {
    const owner = await bot.person({ role: 'owner' });
    const form = await bot.as(owner).command('bellhop settings');
    const answer = await bot.as(owner).submit(form, { ...SETTINGS, ...wrong });
    expect(answer).toMatchObject({ kind: 'errors', values: wrong, errors: { [field]: { key: expected } } });
    expect((await db().organisation.findFirstOrThrow()).firstRunDoneAt).toBeNull();
  });

  it('takes no channel that the bot was thrown out of, that is archived or another organisation’s', async () => {
    const owner = await bot.person({ role: 'owner' });
    const form = await bot.as(owner).command('bellhop settings');
    const foreign = await aChannel(db(), await anOrganisation(db()));
    for (const [channel, expected] of [
      [await aChannel(db(), bot.organisation, { botIsMember: false }), 'people.errors.channel_not_in'],
      [await aChannel(db(), bot.organisation, { archived: true }), 'people.errors.channel_archived'],
      [foreign, 'people.errors.channel_unknown'],
    ] as const) {
      expect(await bot.as(owner).submit(form, { ...SETTINGS, managers: channel.id })).toMatchObject({
        errors: { managers: { key: expected } },
      });
    }
  });

  it('are the owner’s', async () => {
    const manager = await bot.person({ role: 'manager' });
    for (const verb of ['settings', 'roles', 'locations']) {
      expect(keysIn(await bot.as(manager).command(`bellhop ${verb}`))).toContain('core.errors.role_needed');
    }
  });
});

describe('people', () => {
  it('lists them seven a page, with who can not be reached and why', async () => {
    const manager = await bot.person({ name: '0 Mia', role: 'manager' });
    for (let index = 0; index < 8; index++) await bot.person({ name: `Person ${index}`, platform: 'teams' });
    await bot.person({ name: 'Zed', platform: 'teams', unreachableReason: 'app_not_installed' });
    const answer = await bot.as(manager).command('bellhop people');
    expect(keysIn(answer)).toEqual(expect.arrayContaining(['bellhop.unreachable.line', 'bellhop.remedy.not_installed']));
    expect(cardsOf(answer)[0]?.rows).toHaveLength(7);
    expect(refs(answer)).not.toContain('bellhop.import_open');
    const next = await bot.as(manager).click('bellhop.people_page', answer);
    expect(cardsOf(next)[0]?.rows).toHaveLength(3);
  });

  it('shows a person to managers, and lets owners change them', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner' });
    const manager = await bot.person({ name: 'Mia', role: 'manager' });
    const ana = await bot.person({ name: 'Ana <!channel> *Ozola*' });
    expect(refs(await bot.as(manager).command('bellhop people ana ozola'))).toEqual([]);
    const card = await bot.as(owner).command('bellhop people', { mention: ana });
    const form = await bot.as(owner).click('bellhop.place_open', card);
    await bot.as(owner).submit(form, { line_manager: [hintOf(manager)], team: 'Front', location: 'none' });
    const changed = await db().person.findFirstOrThrow({ where: { id: ana.id }, include: { team: true } });
    expect(changed).toMatchObject({ lineManagerId: manager.id, team: { name: 'Front' } });
    const ring = await bot.as(owner).command('bellhop people', { mention: manager });
    const answer = await bot
      .as(owner)
      .submit(await bot.as(owner).click('bellhop.place_open', ring), { line_manager: [hintOf(ana)], team: 'FRONT' });
    expect(answer).toMatchObject({ kind: 'errors', errors: { line_manager: { key: 'people.errors.own_line' } } });
    expect(await db().team.count()).toBe(1);
  });

  it('asks whom one means, and says when it is nobody', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner' });
    for (const name of ['Ana Ozola', 'Ana Liepa']) await bot.person({ name });
    expect(refs(await bot.as(owner).command('bellhop people ana'))).toEqual(['bellhop.person', 'bellhop.person']);
    expect(keysIn(await bot.as(owner).command('bellhop people berta'))).toContain('bellhop.errors.person_unknown');
    await bot.person({ name: 'Berta Zars', status: 'left' });
    const left = await bot.as(owner).command('bellhop people berta');
    expect(keysIn(left)).toContain('bellhop.person.left');
    // Who left keeps the file.
    expect(refs(left)).toEqual(['bellhop.record']);
    expect(keysIn(await bot.as(owner).command('bellhop roles berta'))).toContain('bellhop.errors.person_unknown');
  });

  it('can be reached again is not asked twice', async () => {
    const manager = await bot.person({ role: 'manager' });
    const two = await bot.person({ name: 'Two', platform: 'teams', unreachableReason: 'blocked' });
    expect(keysIn(await bot.as(manager).home())).toContain('bellhop.home.unreachable');
    await db().account.updateMany({ where: { personId: two.id }, data: { unreachableReason: null } });
    expect(keysIn(await bot.as(manager).home())).not.toContain('bellhop.home.unreachable');
  });
});

describe('roles', () => {
  it('tells whoever is given one, and nobody who loses one', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner' });
    const ana = await bot.person({ name: 'Ana' });
    const give = async (role: string) => {
      const form = await bot.as(owner).press({ id: 'bellhop.role_open', payload: { personId: ana.id } });
      return await bot.as(owner).submit(form, { role });
    };
    await give('manager');
    await bot.runDue();
    expect(keysIn(bot.messagesTo(ana).map((message) => message.card))).toContain('bellhop.role_given.by');
    await give('employee');
    await bot.runDue();
    expect(bot.messagesTo(ana)).toHaveLength(1);
    expect(await db().auditEvent.count({ where: { verb: 'person.role_changed', actorId: owner.id } })).toBe(2);
  });

  it('asks before an owner gives the own role up, and keeps the last one', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner' });
    const form = await bot.as(owner).press({ id: 'bellhop.role_open', payload: { personId: owner.id } });
    const submit = async (values: Record<string, string | boolean>) => await bot.as(owner).submit(form, values);
    expect(await submit({ role: 'employee' })).toMatchObject({ errors: { confirm: { key: 'bellhop.errors.confirm_own_role' } } });
    expect(await submit({ role: 'employee', confirm: true })).toMatchObject({ errors: { form: { key: 'people.errors.last_owner' } } });
    await bot.person({ role: 'owner' });
    await submit({ role: 'employee', confirm: true });
    expect((await db().person.findFirstOrThrow({ where: { id: owner.id } })).role).toBe('employee');
    expect(keysIn(await bot.as(owner).command('bellhop roles'))).toContain('core.errors.role_needed');
  });
});

describe('language, locations, help', () => {
  it('speaks the language that was chosen', async () => {
    const ana = await bot.person({ locale: 'de-DE' });
    const chosen = async () => (await db().person.findFirstOrThrow({ where: { id: ana.id } })).locale;
    await bot.as(ana).command('bellhop language Latviešu');
    expect(await chosen()).toBe('lv');
    expect(keysIn(await bot.as(ana).command('bellhop language klingon'))).toContain('bellhop.errors.language_unknown');
    const form = await bot.as(ana).command('bellhop language');
    await bot.as(ana).submit(form, { language: 'auto' });
    expect(await chosen()).toBeNull();
    expect(await bot.as(ana).submit(form, { language: 'xx' })).toMatchObject({ kind: 'errors' });
  });

  it('keeps locations, each name once', async () => {
    const owner = await bot.person({ role: 'owner' });
    const form = await bot.as(owner).click('bellhop.location_open', await bot.as(owner).command('bellhop locations'));
    const oslo = { name: ' Oslo ', zone: 'europe/oslo', start: '10:00', end: '18:00', days: ['6', '7'] };
    const list = await bot.as(owner).submit(form, oslo);
    expect(await db().location.findMany()).toMatchObject([
      { name: 'Oslo', zone: 'Europe/Oslo', workStart: 600, workEnd: 1080, workDays: [6, 7] },
    ]);
    expect(await bot.as(owner).submit(form, { name: 'OSLO' })).toMatchObject({
      errors: { name: { key: 'bellhop.errors.location_taken' } },
    });
    expect(await bot.as(owner).submit(form, { name: 'Late', start: '18:00' })).toMatchObject({
      errors: { end: { key: 'bellhop.errors.end_before_start' } },
    });
    const change = await bot.as(owner).press(
      cardsOf(list)
        .flatMap(buttonsOf)
        .find((button) => button.payload.locationId !== null) ?? null,
    );
    await bot.as(owner).submit(change, { name: 'Oslo Centrum' });
    expect(await db().location.findMany()).toMatchObject([{ name: 'Oslo Centrum', zone: null, workStart: null, workDays: [] }]);
  });

  it('helps each with what they may do', async () => {
    const employee = await bot.person();
    const owner = await bot.person({ role: 'owner', platform: 'teams' });
    expect(keysIn(await bot.as(employee).command('bellhop'))).not.toContain('bellhop.verb.settings');
    expect(keysIn(await bot.as(owner).command('bellhop help'))).toContain('bellhop.verb.settings');
    expect(await bot.as(owner).command('bellhop home')).toMatchObject({ kind: 'home' });
    expect(keysIn(await bot.as(owner).command('bellhop channels'))).toContain('bellhop.channels.none');
  });
});

describe('reading members', () => {
  it('happens within the day without being asked, and waits when the platform says so', async () => {
    await aWorkspace(db(), bot.organisation);
    slack.list = [aMember('U1'), aMember('U2'), aMember('U3')];
    slack.fail = { question: 'members:2', error: new ChatError('rate_limited', 'ratelimited', { retryAfterMs: 30_000 }) };
    await bot.runDue();
    expect(await db().person.count()).toBe(2);
    bot.clock.forward({ seconds: 31 });
    await bot.runDue();
    expect(await db().person.count()).toBe(3);
    await bot.runDue();
    expect(slack.asked.filter((question) => question === 'members:0')).toHaveLength(1);
    slack.list = slack.list.slice(0, 2);
    bot.clock.forward({ days: 1 });
    await bot.runDue();
    expect(await db().person.count({ where: { status: 'active' } })).toBe(2);
  });
});

describe('a new team on Teams', () => {
  it('is read once for all its channels, people whom nobody knew included', async () => {
    const teams = fakeDirectory('teams', 10);
    teams.list = [aMember('aad-1'), aMember('aad-2')];
    const bot = await testBot({
      now: '2027-03-02T09:00:00Z',
      database,
      features: [createBellhopFeature({ directories: new Map([['teams', teams]]) })],
    });
    const workspace = await aWorkspace(db(), bot.organisation, { platform: 'teams' });
    await db().workspace.updateMany({ data: { membersSyncedAt: bot.clock.now() } });
    for (const name of ['general', 'news']) {
      const channel = await aChannel(db(), bot.organisation, { platform: 'teams', name });
      await db().channel.updateMany({ data: { membersSyncedAt: bot.clock.now() } });
      const change = {
        kind: 'channel_opened',
        organisationId: bot.organisation.id,
        workspaceId: workspace.id,
        channelId: channel.id,
      } as const;
      await inTransaction(db(), (tx) => onDirectoryChange(tx, change, bot.clock.now()));
    }
    bot.clock.forward({ seconds: 2 });
    await bot.runDue();
    expect(await db().account.count({ where: { workspaceId: workspace.id } })).toBe(2);
    expect(teams.asked.filter((question) => question === 'members:0')).toHaveLength(1);
  });
});

describe('undelivered messages', () => {
  it('are shown with why, and sent again once', async () => {
    const manager = await bot.person({ name: 'Mia', role: 'manager' });
    const ana = await bot.person({ name: 'Ana' });
    const owner = await bot.person({ name: 'Olga', role: 'owner' });
    const form = await bot.as(owner).press({ id: 'bellhop.role_open', payload: { personId: ana.id } });
    await bot.as(owner).submit(form, { role: 'manager' });
    await db().delivery.updateMany({
      data: { state: 'dead', lastError: 'no_reachable_account', lastErrorDetail: 'user_disabled', settledAt: bot.clock.now() },
    });
    const card = await bot.as(manager).command('bellhop deliveries');
    expect(keysIn(card)).toEqual(expect.arrayContaining(['bellhop.trouble.disabled', 'bellhop.remedy.disabled']));
    // Where the platform has said exactly what to mend, the general advice would only contradict it.
    expect(keysIn(card)).not.toContain('delivery.trouble.no_reachable_account');
    const sent = await bot.as(manager).click('bellhop.send_again', card);
    expect(keysIn(sent)).toContain('bellhop.deliveries.sent');
    expect(keysIn(await bot.as(manager).click('bellhop.send_again', card))).toContain('bellhop.deliveries.gone');
    await bot.runDue();
    expect(bot.messagesTo(ana)).toHaveLength(1);
    expect(keysIn(await bot.as(manager).command('bellhop deliveries'))).toContain('bellhop.deliveries.none');
  });
});
