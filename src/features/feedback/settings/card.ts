import { button, type Card, type Fact } from '../../../core/card.js';
import { join, key, type Text, words } from '../../../core/text.js';
import { findChannel } from '../../../people/channels.js';
import type { HandlerContext } from '../../../people/handlers.js';
import { writeTime } from '../../../people/typed-times.js';
import { priorityLabel } from '../labels.js';
import { type LadderStep, PRIORITIES, type Priority, type Settings } from '../model.js';
import { to } from '../refs.js';
import { canPostTo } from '../rules/store-route.js';
import { loadSettings } from '../store-settings.js';
import { ownersApartFrom } from '../talks/store-talks.js';
import { durationText } from './durations.js';
import { levelLabel } from './ladder.js';
import { here } from './refs.js';
import { countLeads } from './store.js';

/** How feedback is set up, in six lines, with everything that can be changed. `lead` tells what has just happened. */
export async function settingsCard(context: HandlerContext, lead: Text): Promise<Card> {
  const settings = await loadSettings(context.db, context.organisation);
  return {
    summary: lead,
    title: key('feedback.settings.title'),
    lead,
    facts: await factsOf(context, settings),
    ...((await hasOneOwner(context)) && { body: [{ kind: 'paragraph', text: key('feedback.settings.one_owner') }] }),
    actions: [
      button(key('feedback.settings.where'), here.where(), settings.channelId === null ? { style: 'primary' } : {}),
      button(key('feedback.settings.due_times'), here.dueTimes()),
      button(key('feedback.settings.ladder'), here.ladder()),
      button(key('feedback.settings.leads'), here.leads()),
      button(key('feedback.settings.digest'), here.digest()),
      button(key('feedback.settings.rules'), to.rules()),
      button(key('feedback.settings.pages'), to.pages()),
      button(key('feedback.settings.themes'), to.themes()),
      button(key('feedback.settings.keys'), to.keys()),
      // How long contacts are kept, and what customers agree to, is for owners.
      ...(context.role === 'owner' ? [button(key('feedback.settings.privacy'), here.privacy())] : []),
    ],
    footer: key('feedback.settings.footer'),
  };
}

async function factsOf(context: HandlerContext, settings: Settings): Promise<Fact[]> {
  const { db, organisation } = context;
  const { hours } = organisation;
  const due = (priority: Priority): Text => join([priorityLabel(priority), durationText(settings.dueMinutes[priority], hours)], ': ');
  return [
    { label: key('feedback.settings.where'), value: await channelText(context, settings) },
    {
      label: key('feedback.settings.due_times'),
      value: join(PRIORITIES.toReversed().map(due), ', '),
    },
    {
      label: key('feedback.settings.ladder'),
      value: join(
        settings.ladder.map((step) => stepText(context, step)),
        ' → ',
      ),
    },
    {
      label: key('feedback.settings.leads'),
      value: key('feedback.settings.leads_value', { count: await countLeads(db, organisation.id) }),
    },
    {
      label: key('feedback.settings.digest'),
      value: settings.digestMinutes === null ? key('feedback.settings.digest_none') : words(writeTime(settings.digestMinutes)),
    },
    {
      label: key('feedback.settings.bounds'),
      value: key('feedback.settings.bounds_value', {
        stars: settings.lowStars,
        silent: settings.silentDays,
        talk: settings.talkDays,
      }),
    },
  ];
}

/** Then nobody could read a complaint about that owner. */
const hasOneOwner = async ({ db, organisation }: HandlerContext): Promise<boolean> =>
  (await ownersApartFrom(db, organisation, [])).length === 1;

async function channelText({ db, organisation }: HandlerContext, settings: Settings): Promise<Text> {
  const channel = settings.channelId === null ? undefined : await findChannel(db, organisation.id, { value: settings.channelId });
  if (!channel) return key('feedback.settings.where_none');
  const name = words(`#${channel.name}`);
  if (!(await canPostTo(db, organisation.id, [channel.id])).has(channel.id)) return key('feedback.settings.where_lost', { channel: name });
  return settings.ownChannelId === null ? key('feedback.settings.where_managers', { channel: name }) : name;
}

/** "owner when it is due", "lead after 2 hours". */
function stepText({ organisation }: HandlerContext, { after, to: level }: LadderStep): Text {
  const whom = levelLabel(level);
  return after === 0
    ? key('feedback.settings.step_due', { whom })
    : key('feedback.settings.step_after', { whom, after: durationText(after, organisation.hours) });
}
