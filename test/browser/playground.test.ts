import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { list, words } from '../../src/core/text.js';
import { ANNOUNCEMENTS, nameOf, TEAM, YOU } from '../../src/trial/people.js';
import { freePort } from '../support/bot-process.js';
import { startBrowser } from '../support/browser.js';
import { english } from '../support/english.js';
import { programArguments } from '../support/program.js';
import { tempFolder } from '../support/temp-folder.js';
import { until } from '../support/until.js';

// The first minutes of a newcomer, in a real browser: the trial as `npm run try` runs it, from the greeting to the status,
// and the first kudos, by a line of text and from the message box of another chat.

const TITLE = 'How we serve our customers';

let trial: ChildProcess;
let address: string;
let browser: Browser;
let closeBrowser: (() => Promise<void>) | undefined;
let page: Page;

beforeAll(async () => {
  const [started, ports] = await Promise.all([startBrowser(), Promise.all([freePort(), freePort()])]);
  browser = started.browser;
  closeBrowser = started.close;
  address = await startTrial(ports);
  page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(30_000);
}, 120_000);
afterAll(async () => {
  await closeBrowser?.();
  if (!trial || trial.exitCode !== null) return;
  const ended = once(trial, 'exit');
  trial.kill('SIGINT');
  const late = setTimeout(() => trial.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
});

/** @returns where the chat window is opened */
async function startTrial([port, playgroundPort]: readonly number[]): Promise<string> {
  trial = spawn(process.execPath, programArguments('scripts/try.ts'), {
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: tmpdir(),
      LC_ALL: 'en_US.UTF-8',
      PORT: `${port}`,
      PLAYGROUND_PORT: `${playgroundPort}`,
      BELLHOP_DATA_DIR: await tempFolder('trial'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stdout, stderr } = trial;
  const said: string[] = [];
  return await new Promise((resolve, reject) => {
    for (const stream of [stdout, stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const found = /Open\s+(http:\S+)/.exec(line)?.[1];
        if (found) resolve(found);
      });
    }
    trial.once('exit', (code) => reject(new Error(`The trial ended (${code}):\n${said.join('\n')}`)));
  });
}

/** The newest card that says this. */
const card = (said: string | RegExp): Locator => page.locator('.ac-adaptiveCard', { hasText: said }).last();
const press = (on: Locator, name: string): Promise<void> =>
  on
    .getByRole('button', { name: english(name), exact: true })
    .last()
    .click();

it('publishes, reads, signs and sees the status', { timeout: 120_000 }, async () => {
  onTestFailed(async () =>
    console.error(`The window showed:\n${(await page.locator('.ac-adaptiveCard').allInnerTexts()).slice(-4).join('\n---\n')}`),
  );
  await page.goto(address);
  await press(card(english('trial.title')), 'trial.action.publish');

  const draft = card(english('handbook.draft.title', { title: words(TITLE) }));
  await press(draft, 'handbook.action.publish');
  await press(card(english('handbook.draft.confirm_title')), 'handbook.action.publish');
  await card(english('handbook.progress.title_done')).waitFor();

  const request = card(english('handbook.action.read_and_sign'));
  await press(request, 'handbook.action.read_and_sign');
  const pages = await pageCount();
  expect(pages).toBeGreaterThan(3);
  for (let number = 1; number < pages; number++) {
    await press(pageCard(number, pages), 'handbook.action.next');
  }
  await press(pageCard(pages, pages), 'handbook.action.sign');

  const form = card(english('handbook.sign.agree'));
  const name = form.getByRole('textbox');
  await name.fill('12');
  await press(form, 'handbook.action.sign');
  await form.getByText(english('handbook.errors.name_digits')).waitFor();
  await form.getByText(english('handbook.errors.agreement_missing')).waitFor();
  await until(async () => (await name.inputValue()) === '12', 'what was typed');
  await name.fill(nameOf(YOU));
  await form.getByRole('checkbox').check();
  await press(form, 'handbook.action.sign');
  await card(english('handbook.receipt.lead')).waitFor();

  await say('status');
  const status = card(english('handbook.status.title', { title: words(TITLE) }));
  await status.getByText(english('handbook.status.progress', { signed: 1, asked: 6 })).waitFor();
  expect(await status.getByText(nameOf(YOU)).count()).toBe(0);
});

it('thanks a colleague by a line of text, and two from the message box of a group chat', { timeout: 120_000 }, async () => {
  onTestFailed(async () => console.error(`The window showed:\n${(await page.locator('body').innerText()).slice(-3000)}`));
  const [marco, ana] = [TEAM[0], TEAM[1]].map((one) => (one ? nameOf(one) : ''));
  await go('Personal Chat');
  await say(`kudos ${marco} for calming an upset guest at the desk #ownership +10`);
  await card(english('recognition.given.lead', { people: words(marco ?? '') })).waitFor();
  await go(ANNOUNCEMENTS.name);
  const first = card(english('recognition.card.title', { people: words(marco ?? '') }));
  for (const shown of ['calming an upset guest at the desk', english('recognition.points', { points: 10 }), 'MR'])
    await first
      .getByText(shown, { exact: shown === 'MR' })
      .first()
      .waitFor();

  await go('Reception');
  await page.getByRole('button', { name: 'Trigger Message Extension App' }).click();
  await page.getByText('Action Command').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('recognition.give_kudos');
  await page.keyboard.press('Enter');
  await dialog.getByText(english('recognition.form.title')).waitFor();
  await dialog.getByLabel(english('recognition.form.people')).fill(`${marco}, ${ana}`);
  const reason = dialog.getByLabel(english('recognition.form.reason'));
  await reason.fill('short');
  await press(dialog, 'recognition.form.submit');
  await dialog.getByText(english('recognition.errors.reason_short', { least: 15 })).waitFor();
  await until(async () => (await reason.inputValue()) === 'short', 'what was typed');
  await reason.fill('for a whole day without a single complaint');
  await press(dialog, 'recognition.form.submit');
  const sent = (...names: (string | undefined)[]) =>
    dialog.getByText(english('recognition.given.lead', { people: list(names.map((one) => words(one ?? ''))) }));
  // They are named in an order of their own.
  await sent(ana, marco).or(sent(marco, ana)).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await go(ANNOUNCEMENTS.name);
  await card('for a whole day without a single complaint').waitFor();
});

it('schedules a seminar: what is wrong is told and nothing typed is lost, the dates are shown, then it stands', {
  timeout: 120_000,
}, async () => {
  onTestFailed(async () => console.error(`The window showed:\n${(await page.locator('body').innerText()).slice(-3000)}`));
  await go('Personal Chat');
  await say('seminar schedule');
  const form = card(english('seminars.schedule.capacity_hint'));
  const field = (name: string) => form.getByLabel(`${english(name)} (${english('core.ui.optional')})`, { exact: true }).first();
  const title = form.getByLabel(english('seminars.schedule.name')).first();
  await title.fill('Calm at the counter');
  await form.getByPlaceholder('Select a date...').first().click();
  const tomorrow = new Date(Date.now() + 86_400_000);
  const [day, month] = [tomorrow.getDate(), tomorrow.toLocaleString('en-US', { month: 'long' })];
  await page
    .getByRole('button', { name: `${day}, ${month}, ${tomorrow.getFullYear()}`, exact: true })
    .first()
    .click();
  await field('seminars.schedule.place').fill('Room 4');
  await field('seminars.schedule.capacity').fill('0');
  await press(form, 'seminars.schedule.submit');
  await form.getByText(english('seminars.errors.capacity', { most: 100_000 })).waitFor();
  await until(async () => (await title.inputValue()) === 'Calm at the counter', 'what was typed');
  await field('seminars.schedule.capacity').fill('20');
  await press(form, 'seminars.schedule.submit');

  const preview = card(english('seminars.draft.lead'));
  await preview.waitFor();
  await press(preview, 'seminars.draft.save');
  const saved = card(english('seminars.saved.made', { title: words('Calm at the counter') }));
  await press(saved, 'seminars.plan.open_date');
  const date = card(english('seminars.action.change'));
  await date.getByText('Room 4').waitFor();
  await press(date, 'seminars.action.change');
  const change = card(english('seminars.change.reason_hint'));
  await change.getByLabel(`${english('seminars.change.place')} (${english('core.ui.optional')})`, { exact: true }).fill('The garden');
  await press(change, 'seminars.change.submit');
  await card(english('seminars.change.done', { told: 0 }))
    .getByText('The garden')
    .waitFor();
});

/** Opens a chat or channel of the list. */
async function go(name: string): Promise<void> {
  await page.getByText(name, { exact: true }).first().click();
}

/** "Page 1 of 10": of how many. The card may be shown anew while it is read. */
async function pageCount(): Promise<number> {
  const footer = /Page 1 of (\d+)/;
  const found = await until(async () => footer.exec((await card(footer).textContent()) ?? '')?.[1], 'the first page');
  return Number(found);
}

/** The open page: each one takes the place of the one before. */
function pageCard(number: number, pages: number): Locator {
  return card(english('handbook.page.footer', { page: number, pages, version: 1 }));
}

async function say(typed: string): Promise<void> {
  await page.getByRole('textbox').first().click();
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
}
