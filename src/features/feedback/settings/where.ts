import { ref } from '../../../core/ref.js';
import { formErrors, open } from '../../../core/reply.js';
import { key } from '../../../core/text.js';
import { channelField, readChannel } from '../../../people/channel-form.js';
import { action, form } from '../../../people/handlers.js';
import { readTime, writeTime } from '../../../people/typed-times.js';
import { Nothing } from '../schema.js';
import { loadSettings } from '../store-settings.js';
import { save } from './saving.js';
import { DigestInput, WhereInput } from './schema.js';

/** Where feedback goes that no rule sends elsewhere. */
export const whereForm = form({
  id: 'feedback.where',
  role: 'manager',
  payload: Nothing,
  input: WhereInput,
  build: async (context) => {
    const { ownChannelId } = await loadSettings(context.db, context.organisation);
    return {
      title: key('feedback.settings.where_title'),
      submit: key('feedback.settings.save'),
      fields: [
        await channelField(context, {
          name: 'channel',
          label: key('feedback.settings.where'),
          hint: key('feedback.settings.where_hint'),
          current: ownChannelId,
        }),
      ],
    };
  },
  submit: async (context, { input }) => {
    const { ownChannelId } = await loadSettings(context.db, context.organisation);
    const channel = await readChannel(context, input.channel || undefined, ownChannelId);
    return 'error' in channel ? formErrors({ channel: channel.error }) : await save(context, { ownChannelId: channel.id });
  },
});

export const whereOpen = action({
  id: 'feedback.where_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.where')),
});

/** When the daily digest comes. */
export const digestForm = form({
  id: 'feedback.digest_time',
  role: 'manager',
  payload: Nothing,
  input: DigestInput,
  build: async ({ db, organisation }) => {
    const { digestMinutes } = await loadSettings(db, organisation);
    return {
      title: key('feedback.settings.digest_title'),
      submit: key('feedback.settings.save'),
      fields: [
        {
          kind: 'check',
          name: 'daily',
          label: key('feedback.settings.digest'),
          text: key('feedback.settings.digest_daily'),
          optional: true,
          initial: digestMinutes !== null,
        },
        {
          kind: 'time',
          name: 'at',
          label: key('feedback.settings.digest_at'),
          optional: true,
          initial: writeTime(digestMinutes ?? 540),
        },
      ],
    };
  },
  submit: async (context, { input }) => {
    if (!input.daily) return await save(context, { digestMinutes: null });
    const digestMinutes = readTime(input.at);
    if (digestMinutes === null) return formErrors({ at: key('feedback.errors.settings_time') });
    return await save(context, { digestMinutes });
  },
});

export const digestOpen = action({
  id: 'feedback.digest_open',
  role: 'manager',
  payload: Nothing,
  run: async () => open(ref('feedback.digest_time')),
});
