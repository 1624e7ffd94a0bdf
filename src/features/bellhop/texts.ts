import type { Role } from '../../core/roles.js';
import { join, key, list, type Text, words } from '../../core/text.js';
import type { WorkingHours } from '../../people/model.js';
import { writeTime } from '../../people/typed-times.js';

/** Words that several cards need. */

const ROLE_KEYS: Readonly<Record<Role, string>> = {
  owner: 'bellhop.role.owner',
  manager: 'bellhop.role.manager',
  employee: 'bellhop.role.employee',
};
export const roleText = (role: Role): Text => key(ROLE_KEYS[role]);

const DAY_KEYS: Readonly<Record<number, string>> = {
  1: 'bellhop.day.monday',
  2: 'bellhop.day.tuesday',
  3: 'bellhop.day.wednesday',
  4: 'bellhop.day.thursday',
  5: 'bellhop.day.friday',
  6: 'bellhop.day.saturday',
  7: 'bellhop.day.sunday',
};
export const dayText = (day: number): Text => key(DAY_KEYS[day] ?? 'bellhop.day.monday');

export const DAY_OPTIONS = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: dayText(day) }));

/** "Monday–Friday", "Monday, Wednesday and Friday". */
function daysText(days: readonly number[]): Text {
  const [first] = days;
  const last = days.at(-1);
  const isRun = days.length > 2 && days.every((day, index) => day === (first ?? 0) + index);
  if (isRun && first && last) return join([dayText(first), dayText(last)], '–');
  return list(days.map(dayText));
}

export function hoursText(hours: WorkingHours): Text {
  return key('bellhop.hours', {
    start: words(writeTime(hours.start)),
    end: words(writeTime(hours.end)),
    days: daysText(hours.days),
  });
}

/** A language by its own name: "latviešu", "English". */
export function languageName(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' }).of(locale) ?? locale;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** A country in a reader's language; undefined when there is no country of this code. */
export function countryName(code: string, locale: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  const name = new Intl.DisplayNames([locale], { type: 'region', fallback: 'none' }).of(code);
  return name && code !== 'ZZ' ? name : undefined;
}

/** Why somebody can't be written to, in the platforms' codes: what it means, and what to do. */
const TROUBLE: Readonly<Record<string, { readonly reason: string; readonly remedy: string }>> = {
  app_not_installed: { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  not_installed: { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  BotNotInConversationRoster: { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  ForbiddenOperationException: { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  removed: { reason: 'bellhop.trouble.removed', remedy: 'bellhop.remedy.not_installed' },
  uninstalled: { reason: 'bellhop.trouble.removed', remedy: 'bellhop.remedy.not_installed' },
  app_removed: { reason: 'bellhop.trouble.removed', remedy: 'bellhop.remedy.not_installed' },
  blocked: { reason: 'bellhop.trouble.blocked', remedy: 'bellhop.remedy.blocked' },
  MessageWritesBlocked: { reason: 'bellhop.trouble.blocked', remedy: 'bellhop.remedy.blocked' },
  ConversationBlockedByUser: { reason: 'bellhop.trouble.blocked', remedy: 'bellhop.remedy.blocked' },
  user_disabled: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  user_not_found: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  is_inactive: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  user_not_visible: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  users_not_found: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  UserNotFound: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  MemberNotFoundInConversation: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  ConversationNotFound: { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  'no conversation': { reason: 'bellhop.trouble.not_installed', remedy: 'bellhop.remedy.not_installed' },
  BotDisabledByAdmin: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  restricted_action: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  cannot_post_to_channel: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  restricted_action_read_only_channel: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  user_not_in_channel: { reason: 'bellhop.trouble.not_in_channel', remedy: 'bellhop.remedy.not_in_channel' },
  TeamNotFound: { reason: 'bellhop.trouble.channel_gone', remedy: 'bellhop.remedy.channel_gone' },
  account_inactive: { reason: 'bellhop.trouble.disabled', remedy: 'bellhop.remedy.disabled' },
  cannot_dm_bot: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  messages_tab_disabled: { reason: 'bellhop.trouble.messages_off', remedy: 'bellhop.remedy.messages_off' },
  channel_not_found: { reason: 'bellhop.trouble.channel_gone', remedy: 'bellhop.remedy.channel_gone' },
  deleted: { reason: 'bellhop.trouble.channel_gone', remedy: 'bellhop.remedy.channel_gone' },
  is_archived: { reason: 'bellhop.trouble.archived', remedy: 'bellhop.remedy.archived' },
  archived: { reason: 'bellhop.trouble.archived', remedy: 'bellhop.remedy.archived' },
  not_in_channel: { reason: 'bellhop.trouble.not_in_channel', remedy: 'bellhop.remedy.not_in_channel' },
  bot_removed: { reason: 'bellhop.trouble.not_in_channel', remedy: 'bellhop.remedy.not_in_channel' },
  no_account: { reason: 'bellhop.trouble.no_account', remedy: 'bellhop.remedy.disabled' },
  invalid_auth: { reason: 'bellhop.trouble.unauthorised', remedy: 'bellhop.remedy.unauthorised' },
  token_revoked: { reason: 'bellhop.trouble.unauthorised', remedy: 'bellhop.remedy.unauthorised' },
  unauthorised: { reason: 'bellhop.trouble.unauthorised', remedy: 'bellhop.remedy.unauthorised' },
};

/** What stands in the way of a message, for a manager. Unknown codes are shown as they are. */
export function troubleTexts(code: string): { readonly reason: Text; readonly remedy: Text } {
  const known = TROUBLE[code];
  if (known) return { reason: key(known.reason), remedy: key(known.remedy) };
  return { reason: key('bellhop.trouble.other', { code: words(code) }), remedy: key('bellhop.remedy.other') };
}

const PLATFORM_NAMES = { slack: 'Slack', teams: 'Microsoft Teams' } as const;
export const platformText = (platform: 'slack' | 'teams'): Text => words(PLATFORM_NAMES[platform]);

export const noneText: Text = key('bellhop.none');

/** Whether a platform's code has words of its own here. */
export const isKnownTrouble = (code: string): boolean => code in TROUBLE;
