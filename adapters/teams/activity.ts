import { z } from 'zod';

const Account = z.looseObject({ id: z.string().min(1), name: z.string().optional(), aadObjectId: z.string().optional() });
const Named = z.looseObject({ id: z.string().optional(), name: z.string().optional() });
const Reaction = z.looseObject({ type: z.string().min(1) });

/** What Teams posts to the bot, as far as Bellhop reads it (Bot Framework "Activity" schema). Nulls have been dropped before. */
export const Activity = z.looseObject({
  type: z.string().min(1),
  id: z.string().optional(),
  channelId: z.string(),
  serviceUrl: z.url({ protocol: /^https?$/ }),
  from: Account.optional(),
  recipient: Account.optional(),
  conversation: z.looseObject({
    id: z.string().min(1),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
    isGroup: z.boolean().optional(),
    name: z.string().optional(),
  }),
  timestamp: z.string().optional(),
  locale: z.string().optional(),
  localTimezone: z.string().optional(),
  text: z.string().optional(),
  name: z.string().optional(),
  value: z.unknown().optional(),
  action: z.string().optional(),
  replyToId: z.string().optional(),
  attachments: z
    .array(
      z.looseObject({
        contentType: z.string().optional(),
        contentUrl: z.string().optional(),
        name: z.string().optional(),
        content: z.unknown().optional(),
      }),
    )
    .optional(),
  entities: z
    .array(
      z.looseObject({
        type: z.string().optional(),
        text: z.string().optional(),
        timezone: z.string().optional(),
        mentioned: Account.optional(),
      }),
    )
    .optional(),
  membersAdded: z.array(Account).optional(),
  membersRemoved: z.array(Account).optional(),
  reactionsAdded: z.array(Reaction).optional(),
  reactionsRemoved: z.array(Reaction).optional(),
  channelData: z
    .looseObject({
      eventType: z.string().optional(),
      tenant: Named.optional(),
      team: Named.optional(),
      channel: Named.optional(),
      settings: z.looseObject({ selectedChannel: Named.optional() }).optional(),
    })
    .optional(),
});

export type Activity = z.output<typeof Activity>;

/** Where a tenant's id is missing: the local trial's clients may leave it out. */
export const TRIAL_TENANT = 'trial';

/** The tenant that an activity comes from; undefined when it names none. */
export function tenantOf(activity: Activity, trial: boolean): string | undefined {
  return activity.channelData?.tenant?.id ?? activity.conversation.tenantId ?? (trial ? TRIAL_TENANT : undefined);
}

/** Whether an activity comes from a person's own chat with the bot. */
export function isDirect(activity: Activity): boolean {
  const { conversationType, isGroup } = activity.conversation;
  return conversationType === 'personal' || (conversationType === undefined && isGroup !== true);
}

/** A channel's conversation without its thread. */
export function withoutThread(conversationId: string): string {
  return conversationId.split(';')[0] ?? conversationId;
}
