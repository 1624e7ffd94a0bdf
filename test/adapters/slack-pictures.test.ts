import { afterEach, describe, expect, it } from 'vitest';
import { createSlackApi } from '../../adapters/slack/api.js';
import { createPictureDesk } from '../../adapters/slack/pictures.js';
import { initials } from '../../adapters/slack/render-pictures.js';
import type { Card } from '../../src/core/card.js';
import type { Form } from '../../src/core/form.js';
import { ref } from '../../src/core/ref.js';
import type { Block } from '../../src/core/rich.js';
import { key, words } from '../../src/core/text.js';
import type { Pictures } from '../../src/delivery/pictures-port.js';
import { ChatError, type Destination } from '../../src/delivery/port.js';
import { messageProblems, visibleText } from '../support/fake-slack/check-blocks.js';
import { type Json, TEAM } from '../support/fake-slack/directory-answers.js';
import { shownFiles } from '../support/fake-slack/file-shelf.js';
import { READER, type SlackHarness, slackHarness } from '../support/fake-slack/harness.js';
import { memoryLog } from '../support/log.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** Pictures in memory; what was noted is there to be seen. */
function memoryPictures(kept: Record<string, Buffer> = { p1: PNG, p2: PNG }): Pictures & { readonly copies: Map<string, string> } {
  const copies = new Map<string, string>();
  return {
    copies,
    read: async (id) => {
      const content = kept[id];
      return content && { mime: 'image/png', content };
    },
    copy: async (id, workspace) => copies.get(`${workspace} ${id}`),
    noteCopy: async (id, workspace, externalId) => void copies.set(`${workspace} ${id}`, externalId),
    url: () => undefined,
  };
}

const card = (...body: Block[]): Card => ({ summary: words('s'), title: words('Recap'), body });
const picture = (id: string): Block => ({ kind: 'picture', id, alt: words(`Chart of ${id}`) });
const form: Form = {
  ref: ref('recognition.redeem'),
  title: key('t'),
  submit: key('s'),
  intro: [picture('p1')],
  fields: [{ name: 'note', kind: 'text', label: key('note') }],
};

describe('Pictures on Slack', () => {
  let bot: SlackHarness;
  let pictures: ReturnType<typeof memoryPictures>;
  const started = async (kept?: Record<string, Buffer>) => {
    pictures = memoryPictures(kept);
    bot = await slackHarness({ pictures });
    await bot.adapter.start();
  };
  afterEach(() => bot.stop());
  const to = (externalId: string): Destination => ({ workspaceExternalId: TEAM, kind: 'channel', externalId });
  const send = (shown: Card, channel = 'C0TEAM') => bot.adapter.chat.send(to(channel), shown, READER, crypto.randomUUID());
  const uploads = () => bot.slack.of('files.completeUploadExternal');
  const posts = () => bot.slack.of('chat.postMessage');
  const last = () => bot.slack.messages.at(-1)?.blocks;

  it('go up once for a workspace, unseen in any channel, and are shown by their file', async () => {
    await started();
    await send(card(picture('p1')));
    await send(card(picture('p1'), picture('p1')), 'C0OTHER');
    expect(uploads()).toMatchObject([{ answer: { ok: true } }]);
    expect(uploads()[0]?.args).not.toHaveProperty('channel_id');
    const [id] = [...bot.slack.shelf.files.keys()];
    expect(last()).toMatchObject([{ type: 'header' }, ...Array(2).fill({ type: 'image', slack_file: { id }, alt_text: 'Chart of p1' })]);
    expect([...pictures.copies]).toEqual([[`${TEAM} p1`, id]]);
  });

  it('are asked of nobody when a copy is noted, and uploaded anew where Slack has lost it', async () => {
    await started();
    await send(card(picture('p1')));
    const [old = ''] = [...bot.slack.shelf.files.keys()];
    bot.slack.shelf.files.delete(old);
    await send(card(picture('p1')));
    expect(uploads()).toHaveLength(2);
    expect(shownFiles(last())).toEqual([pictures.copies.get(`${TEAM} p1`)]);
    expect(shownFiles(last())).not.toEqual([old]);
  });

  it('that several messages want at once go up once', async () => {
    await started();
    await Promise.all(['C0A', 'C0B', 'C0C'].map((channel) => send(card(picture('p1')), channel)));
    expect(uploads()).toHaveLength(1);
    expect(bot.slack.messages.map(({ blocks }) => shownFiles(blocks).length)).toEqual([1, 1, 1]);
  });

  it('that Slack still looks through are waited for', async () => {
    await started();
    bot.slack.shelf.processing = 2;
    await send(card(picture('p1')));
    expect(posts().map(({ answer }) => answer.error)).toEqual(['invalid_blocks', 'invalid_blocks', undefined]);
    expect(shownFiles(last())).toHaveLength(1);
    expect(uploads()).toHaveLength(1);
  });

  it('that Slack never takes are told in words in the end', async () => {
    await started({ p1: Buffer.from('no picture at all') });
    await send(card(picture('p1')));
    expect(visibleText(last())).toContain('Chart of p1');
    expect(shownFiles(last())).toEqual([]);
    expect(pictures.copies.size).toBe(0);
    expect(bot.slack.messages).toHaveLength(1);
  }, 15_000);

  it.each([
    ['are gone', async () => await started({})],
    [
      'Slack takes no upload of',
      async () => {
        await started();
        bot.slack.faults.set('files.getUploadURLExternal', [{ error: 'missing_scope' }]);
      },
    ],
    [
      'are refused at the last step',
      async () => {
        await started();
        bot.slack.faults.set('files.completeUploadExternal', [{ error: 'access_denied' }]);
      },
    ],
  ])('that %s are told in words, and the message goes out at once', async (_name, arrange) => {
    await arrange();
    await send(card(picture('p1')));
    expect(posts()).toHaveLength(1);
    expect(visibleText(last())).toContain('Chart of p1');
  });

  it('go up with the next message where the first upload failed', async () => {
    await started();
    bot.slack.faults.set('files.getUploadURLExternal', [{ error: 'missing_scope' }]);
    await send(card(picture('p1')));
    await send(card(picture('p1')));
    expect(bot.slack.messages.map(({ blocks }) => shownFiles(blocks).length)).toEqual([0, 1]);
  });

  it('that take long to go up keep no message waiting, and are there for the next one', async () => {
    await started();
    bot.slack.latency = (method) => (method === 'files.getUploadURLExternal' ? 7_000 : 0);
    await send(card(picture('p1')));
    expect(shownFiles(last())).toEqual([]);
    await bot.until(() => uploads().length === 1);
    await send(card(picture('p1')));
    expect(shownFiles(last())).toHaveLength(1);
    expect(uploads()).toHaveLength(1);
  }, 15_000);

  it('leave other refusals to the delivery engine', async () => {
    await started();
    bot.slack.faults.set('chat.postMessage', [{ error: 'is_archived' }]);
    await expect(send(card(picture('p1')))).rejects.toMatchObject({ code: 'unreachable' });
    expect(posts()).toHaveLength(1);
  });

  it('are shown in a card that is replaced', async () => {
    await started();
    const posted = await send(card());
    await bot.adapter.chat.update({ ...posted, to: to('C0TEAM') }, card(picture('p2')), READER);
    expect(shownFiles(last())).toHaveLength(1);
  });

  it('are shown in answers, whichever way these go', async () => {
    await started();
    bot.slack.shelf.processing = 1;
    bot.answer = () => ({ kind: 'whisper', card: card(picture('p1')) });
    await bot.slack.command('U0ANN', '/handbook', '');
    const [whispered] = await bot.until(() => bot.slack.whispers.length === 1 && bot.slack.whispers);
    expect(shownFiles(whispered?.blocks)).toHaveLength(1);
    bot.answer = () => ({ kind: 'say', card: card(picture('p1')) });
    await bot.slack.command('U0ANN', '/handbook', '');
    expect(shownFiles((await bot.until(() => bot.slack.messages.at(-1))).blocks)).toHaveLength(1);
    expect(uploads()).toHaveLength(1);
  });

  it('are shown in App Home', async () => {
    await started();
    bot.answer = () => ({ kind: 'home', cards: [card(picture('p1')), card(picture('p2'))] });
    await bot.slack.event({ type: 'app_home_opened', user: 'U0ANN', channel: 'D0ANN', tab: 'home' });
    const call = await bot.until(() => bot.slack.of('views.publish').find(({ answer }) => answer.ok === true));
    expect(shownFiles(call.args.view)).toHaveLength(2);
  });

  it('never keep a form waiting: those that a message has shown before stand in it, the others in words', async () => {
    await started();
    bot.answer = () => ({ kind: 'form', form });
    const opened = async () => {
      const before = bot.slack.of('views.open').length;
      await bot.slack.command('U0ANN', '/handbook', '');
      await bot.until(() =>
        bot.slack
          .of('views.open')
          .slice(before)
          .some(({ answer }) => answer.ok === true),
      );
      return bot.slack.of('views.open').at(-1)?.args.view as Json;
    };
    const first = await opened();
    expect(shownFiles(first)).toEqual([]);
    expect(visibleText(first.blocks)).toContain('Chart of p1');
    expect(uploads()).toEqual([]);
    await send(card(picture('p1')));
    expect(shownFiles(await opened())).toHaveLength(1);
    bot.slack.shelf.files.clear();
    expect(shownFiles(await opened())).toEqual([]);
  });
});

describe('Faces on Slack', () => {
  let bot: SlackHarness;
  afterEach(() => bot.stop());
  const face = (name: string, pictureUrl?: string) => ({ name, ...(pictureUrl && { pictureUrl }) });
  const shown = async (...people: { name: string; pictureUrl?: string }[]) => {
    bot = await slackHarness();
    const destination = { workspaceExternalId: TEAM, kind: 'channel', externalId: 'C0TEAM' } as const;
    await bot.adapter.chat.send(destination, card({ kind: 'faces', people }), READER, 'd1');
    const blocks = bot.slack.messages.at(-1)?.blocks as Json[];
    expect(messageProblems(blocks)).toEqual([]);
    return blocks.at(-1)?.elements;
  };

  it('are pictures with the name, and initials of those who have none that Slack may show', async () => {
    expect(
      await shown(
        face('Ana Ozola', 'https://avatars.example/ana_72.png'),
        face('Bob Bite'),
        face('Cid', 'http://avatars.example/cid.png'),
        face('Dor', `https://avatars.example/${'x'.repeat(3000)}`),
      ),
    ).toEqual([
      { type: 'image', image_url: 'https://avatars.example/ana_72.png', alt_text: 'Ana Ozola' },
      { type: 'plain_text', text: 'BB', emoji: false },
      { type: 'plain_text', text: 'C', emoji: false },
      { type: 'plain_text', text: 'D', emoji: false },
    ]);
  });

  it('are eight at most, and a number for the rest', async () => {
    const elements = await shown(...Array.from({ length: 12 }, (_, index) => face(`P${index}`, `https://a.example/${index}.png`)));
    expect(elements).toHaveLength(9);
    expect(elements).toMatchObject({ 7: { alt_text: 'P7' }, 8: { text: '+4' } });
  });

  it('become initials when Slack can’t fetch a picture', async () => {
    bot = await slackHarness();
    bot.slack.faults.set('chat.postMessage', [{ error: 'invalid_blocks' }]);
    const destination = { workspaceExternalId: TEAM, kind: 'channel', externalId: 'C0TEAM' } as const;
    const faces: Block = { kind: 'faces', people: [face('Ana Ozola', 'https://gone.example/a.png')] };
    await bot.adapter.chat.send(destination, card(faces), READER, 'd1');
    expect(visibleText(bot.slack.messages.at(-1)?.blocks)).toContain('AO');
  });
});

describe('A message that Slack refuses for its pictures', () => {
  const desk = createPictureDesk({
    api: createSlackApi({ botToken: 'xoxb-none', log: memoryLog() }),
    pictures: undefined,
    log: memoryLog(),
  });
  const faces: Block = { kind: 'faces', people: [{ name: 'Ana', pictureUrl: 'https://gone.example/a.png' }] };
  const message = (giveUpAfterMs?: number) =>
    desk.message({
      blocks: [faces],
      workspaceExternalId: TEAM,
      render: (pictured) => (pictured.faces ? 'pictured' : 'plain'),
      ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
    });
  const post = async (shown: string) => {
    if (shown === 'pictured') throw new ChatError('invalid', 'invalid_blocks');
    return shown;
  };

  it('goes without them, by whichever way it is sent then', async () => {
    const made = message();
    const tried: string[] = [];
    const counting = async (shown: string) => {
      tried.push(shown);
      return await post(shown);
    };
    expect([await made.send(counting), await made.send(counting)]).toEqual(['plain', 'plain']);
    expect(tried).toEqual(['pictured', 'plain', 'plain']);
  });

  it('is left to the next try where too much time has gone: it may not be posted after it counts as lost', async () => {
    await expect(message(-1).send(post)).rejects.toMatchObject({ code: 'transient' });
  });
});

describe('Initials', () => {
  it.each([
    ['Ana Ozola', 'AO'],
    ['ana', 'A'],
    ['Ana Marija  Ozola-Bērziņa (HR)', 'AO'],
    ['Ērika Šulce', 'ĒŠ'],
    ['李小龍', '李'],
    ['🙂', '–'],
    ['', '–'],
  ])('of %j are %s', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });
});
