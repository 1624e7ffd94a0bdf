import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BotProcess, startBot, urlOf } from '../support/bot-process.js';
import { useDatabase } from '../support/database.js';
import { english } from '../support/english.js';
import type { Json } from '../support/fake-slack/directory-answers.js';
import { user } from '../support/fake-slack/directory-answers.js';
import { activities } from '../support/fake-teams/activities.js';
import { MANAGER, type SlackCompany, slackCompany, TEXT, textOf } from '../support/slack-company.js';
import { type TeamsCompany, teamsButtons, teamsCompany, wordsOf } from '../support/teams-company.js';
import { until } from '../support/until.js';

/** What may ping, link, style or run somewhere, typed by a person. */
const NASTY = '<!channel> <@U0ANN> [a](https://evil.example) *b* _c_ `d` <b>e</b> {{DATE(2027-01-01)}} & <https://x.example|y>';

const database = useDatabase();
let slackSide: SlackCompany;
let teamsSide: TeamsCompany;
let bot: BotProcess;
const slack = () => slackSide.slack;
const [ANA, BEN, CAT] = ['U000001', 'U000002', 'U000003'] as const;

beforeAll(async () => {
  slackSide = await slackCompany(3);
  slackSide.slack.users.push(
    user('U0GUEST', 'Gus Guest', { is_restricted: true, locale: 'en-GB' }),
    user('U0STRANGE', 'Stan Strange', { team_id: 'T0OTHER', is_stranger: true, locale: 'en-GB' }),
  );
  teamsSide = await teamsCompany(1);
  bot = await startBot({ ...slackSide.environment, ...teamsSide.environment, DATABASE_URL: urlOf(database.connection) });
  slackSide.slack.botUrl = bot.address;
  teamsSide.botUrl = bot.address;
  await until(async () => (await database.db.person.count()) >= 4, 'Slack’s people read');
  const hands = teamsSide.at(teamsSide.manager);
  await hands.install();
  await until(async () => (await database.db.person.count({ where: { role: 'owner' } })) === 1, 'The owner known');
  await hands.publish(TEXT);
  for (const id of [ANA, BEN, CAT]) await slackSide.at(id).find('handbook.read');
});
afterAll(async () => {
  await bot?.stop();
  await slackSide?.stop();
  await teamsSide?.stop();
});

const form = (payload: unknown) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
const FORM = 'application/x-www-form-urlencoded';

describe('the doors', () => {
  it('of Slack: unsigned, wrongly signed and stale requests get 401, and nothing is read', async () => {
    const before = await database.db.handled.count();
    const body = form({ type: 'block_actions' });
    for (const tamper of [{ headers: null }, { secret: 'other' }, { age: 301 }, { age: -301 }])
      expect((await slack().post(body, FORM, tamper)).status).toBe(401);
    expect(await database.db.handled.count()).toBe(before);
  });

  it('take no body over the limit', async () => {
    expect((await slack().post(`{"x":"${'y'.repeat(1024 * 1024)}"}`, 'application/json')).status).toBe(413);
    const activity = activities(teamsSide.connector).message(teamsSide.manager, 'x'.repeat(300 * 1024));
    expect((await teamsSide.post(activity)).status).toBe(413);
  });

  it('answer what is malformed with 400, and never with 500', async () => {
    for (const nonsense of ['{', 'null', '[]', '7', '"text"', '']) {
      expect([nonsense, (await slack().post(nonsense, 'application/json')).status]).toEqual([nonsense, 400]);
      expect((await slack().post(`payload=${encodeURIComponent(nonsense)}`, FORM)).status).toBe(400);
      expect([nonsense, (await teamsSide.post(nonsense)).status]).toEqual([nonsense, 400]);
    }
    const shapes: Json[] = [
      { type: 'block_actions', actions: [] },
      { type: 'block_actions', user: { id: ANA }, actions: [{ action_id: 'handbook.read#0', value: '{' }] },
      { type: 'view_submission', view: {} },
      {
        type: 'view_submission',
        user: { id: ANA },
        view: { id: 'V', type: 'modal', callback_id: 'handbook.sign', state: { values: { name: 7 } } },
      },
      { type: 'event_callback', event: 7 },
      { command: '/handbook' },
    ];
    for (const shape of shapes) expect([200, 400]).toContain((await slack().post(form(shape), FORM)).status);
    for (const shape of [{}, { type: 'message' }, { type: 'invoke', channelId: 'msteams', conversation: 7 }])
      expect((await teamsSide.post(shape)).status).toBe(400);
    const { make, ...known } = { make: activities(teamsSide.connector), value: { action: 'x', trigger: 7 } };
    const odd = await teamsSide.post({ ...make.click(teamsSide.manager, {}), ...known });
    expect(odd.status).toBe(200);
    expect(await bot.figure('bellhop_http_request_seconds_count', 'status="5')).toBe(0);
  });
});

describe('an act', () => {
  it('that is told eleven times, under different ids, has one effect', async () => {
    const hands = slackSide.at(ANA);
    const before = hands.seen.length;
    const event = { type: 'message', channel: 'D000001', channel_type: 'im', user: ANA, text: 'hello', ts: slack().stamp() };
    for (let time = 0; time < 11; time++)
      expect((await slack().event(event, `Ev${time}`, { 'X-Slack-Retry-Num': String(time) })).status).toBe(200);
    expect(hands.seen.length).toBe(before + 1);

    const teams = teamsSide.at(teamsSide.manager);
    const messages = teams.seen.length;
    const activity = activities(teamsSide.connector).message(teamsSide.manager, 'handbook');
    for (let time = 0; time < 11; time++) expect((await teamsSide.post(activity)).status).toBe(200);
    expect(teams.seen.length).toBe(messages + 1);
  });

  it('that nobody knows, or on a card of an older release, is out of date, and the current one is shown', async () => {
    const hands = slackSide.at(ANA);
    const card = await hands.find('handbook.read');
    for (const pressed of [
      { type: 'button', action_id: 'handbook.dance#0', value: '{"v":1,"p":{}}' },
      { type: 'button', action_id: 'handbook.read#0', value: '{"v":1,"p":{"assignment":"7"}}' },
      { type: 'button', action_id: 'handbook.read#0', value: 'v0' },
    ]) {
      const told = await hands.shown(() => slack().press(ANA, card, pressed));
      expect(textOf(told)).toContain(english('core.errors.card_outdated'));
      expect(textOf(told)).toContain(english('core.home.waiting'));
    }
    const { post, manager, connector } = teamsSide;
    for (const data of [{}, { bellhop: { do: 'act', ref: 'handbook.dance', payload: '{}' } }, { bellhop: 7 }, { old: true }]) {
      const { status, body } = await post({ ...activities(connector).click(manager, { verb: 'x', data }), locale: 'en-GB' });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain(english('core.errors.card_outdated'));
    }
  });

  it('without the role is refused, and the role named', async () => {
    const hands = slackSide.at(ANA);
    const told = await hands.shown(() => hands.command('handbook publish'));
    expect(textOf(told)).toBe(english('core.errors.role_needed', { role: { kind: 'select', value: 'manager' } }));
  });

  it('of a guest or a stranger is refused politely, on both platforms', async () => {
    for (const [id, key] of [
      ['U0GUEST', 'people.errors.guest'],
      ['U0STRANGE', 'people.errors.stranger'],
    ] as const) {
      const hands = slackSide.at(id);
      expect(textOf(await hands.shown(() => hands.command('handbook')))).toContain(english(key));
    }
    const guest = teamsSide.connector.addPerson('Greta Guest', { userRole: 'guest' });
    expect(wordsOf(await teamsSide.at(guest).say('handbook'))).toContain(english('people.errors.guest'));
    const stranger = teamsSide.connector.addPerson('Stan Strange');
    const elsewhere = { tenantId: 'bbbbbbbb-0000-4000-8000-000000000002' };
    const activity = activities(teamsSide.connector).message(stranger, 'handbook', {
      locale: 'en-GB',
      conversation: { conversationType: 'personal', id: stranger.conversationId, ...elsewhere },
      channelData: { tenant: { id: elsewhere.tenantId } },
    });
    expect((await teamsSide.post(activity)).status).toBe(200);
    const told = await until(() => teamsSide.at(stranger).seen.at(-1), 'The refusal');
    expect(wordsOf(told)).toContain(english('people.errors.stranger'));
  });
});

describe('signing', () => {
  it('for someone else, or before every page was opened, is refused', async () => {
    const ana = slackSide.at(ANA);
    const card = await ana.find('handbook.read');
    const { personId } = await database.db.account.findFirstOrThrow({ where: { externalId: ANA } });
    const assignment = await database.db.assignment.findFirstOrThrow({ where: { personId } });
    const sign = { type: 'button', action_id: 'handbook.sign#0', value: JSON.stringify({ v: 1, p: { assignmentId: assignment.id } }) };
    const early = await ana.shown(() => slack().press(ANA, card, sign));
    expect(textOf(early)).toBe(english('handbook.errors.pages_unopened', { count: 2, pages: { kind: 'words', words: '1 and 2' } }));
    const ben = slackSide.at(BEN);
    const bens = await ben.find('handbook.read');
    expect(textOf(await ben.shown(() => slack().press(BEN, bens, sign)))).toBe(english('handbook.errors.not_yours'));

    // Not even with a form of one's own, changed on the way.
    const view = await ben.openSign(await ben.readAll());
    const memory = JSON.parse(String(view.private_metadata)) as Json;
    const forged = { ...view, private_metadata: JSON.stringify({ ...memory, p: { assignmentId: assignment.id } }) };
    const signature = { name: { value: 'Ben Bite' }, agree: { selected_options: [{ value: 'true' }] } };
    const told = await ben.shown(() => ben.submit(forged, signature));
    expect(textOf(told)).toBe(english('handbook.errors.not_yours'));
    expect(await database.db.acknowledgement.count()).toBe(0);
  });

  it('with what is no name is refused at the field; the mended form goes through', async () => {
    const cat = slackSide.at(CAT);
    const message = await cat.readAll();
    const view = await cat.openSign(message);
    const agree = { selected_options: [{ value: 'true' }] };
    for (const [name, key] of [
      ['K', 'handbook.errors.name_short'],
      ['12345', 'handbook.errors.name_digits'],
      ['https://x.example', 'handbook.errors.name_link'],
    ] as const) {
      const { body } = await cat.submit(view, { name: { value: name }, agree });
      expect(body).toEqual({ response_action: 'errors', errors: { name: english(key) } });
    }
    const { body: ticked } = await cat.submit(view, { name: { value: 'Cat Cook' }, agree: { selected_options: [] } });
    expect(ticked).toEqual({ response_action: 'errors', errors: { agree: english('handbook.errors.agreement_missing') } });
    const { body } = await cat.submit(view, { name: { value: 'Cat Cook' }, agree });
    expect(body).toEqual({ response_action: 'clear' });
    await until(() => textOf(message).includes(english('handbook.receipt.lead')), 'The receipt');
    const details = await database.db.acknowledgementDetail.findMany();
    expect(details.map(({ typedName }) => typedName)).toEqual(['Cat Cook']);
  });
});

describe('words', () => {
  it('are shown as typed, on both platforms', async () => {
    const ben = slackSide.at(BEN);
    const page = await ben.readAll();
    const view = await ben.opened((more) => ben.press(page, 'handbook.ask', undefined, more));
    expect((await ben.submit(view, { question: { value: NASTY } })).body).toEqual({ response_action: 'clear' });

    const owner = teamsSide.at(teamsSide.manager);
    const question = await owner.find('handbook.answer');
    // An invisible character keeps Teams from filling in what looks like its own function.
    expect(wordsOf(question).replaceAll('\u2060', '')).toContain(NASTY);
    await owner.act(question, 'handbook.answer');
    await owner.submit(question, { 'text.answer': NASTY });
    const answer = await until(() => ben.seen.find((message) => textOf(message).includes(english('handbook.answer.title'))), 'The answer');
    expect(textOf(answer).split(NASTY)).toHaveLength(3);
    // Words stand in elements that read no markup, and in the notification escaped.
    const marked = JSON.stringify(answer.blocks).match(/"type":"mrkdwn"/g) ?? [];
    expect(marked).toEqual([]);
    expect(answer.text).not.toMatch(/<(?!\/?(b|i|code)>)[!@h]/);
    expect(teamsSide.connector.problems).toEqual([]);
    expect(teamsButtons(question).length).toBe(0);
  });
});

describe('a document', () => {
  it('of three megabytes, without text, due in the past: each its own message, at its field', async () => {
    const manager = slackSide.at(MANAGER);
    const view = await manager.opened((more) => slack().command(MANAGER, '/handbook', 'publish', more));
    const big = Buffer.alloc(3 * 1024 * 1024, 'x');
    const file = { id: 'F1', name: 'big.md', size: big.length, url_private_download: slack().privateFile(big) };
    const cases: [Record<string, Json>, string, string][] = [
      [{ file: { files: [file] } }, 'file', english('handbook.errors.document_too_large')],
      [{ text: {} }, 'text', english('handbook.errors.document_empty')],
    ];
    for (const [values, field, text] of cases) {
      const { body } = await manager.submit(view, { title: { value: 'T' }, ...values });
      expect(body).toEqual({ response_action: 'errors', errors: { [field]: text } });
    }
    const { body } = await manager.submit(view, { text: { value: TEXT }, due: { selected_date: '2020-01-01' } });
    expect(Object.keys((body as { errors: Json }).errors)).toEqual(['due']);
    expect(slack().calls.filter(({ answer }) => answer.error === 'invalid_blocks')).toEqual([]);
    expect(bot.errors()).toEqual([]);
    expect(await bot.figure('bellhop_http_request_seconds_count', 'status="5')).toBe(0);
  });
});
