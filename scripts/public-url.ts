import { z } from 'zod';

const HINT = 'Give only the address at which the bot can be reached from outside, for example https://bot.example';

/**
 * The address a platform reaches the bot at, as typed on a command line: https, a host, perhaps a port, and nothing after it.
 * Gives it back without the last slash. A path is refused because the bot's own paths are added to the address.
 */
export const PublicUrl = z.string().transform((typed, context) => {
  const fault = (message: string) => {
    context.addIssue({ code: 'custom', message: `"${typed}" ${message}. ${HINT}.` });
    return z.NEVER;
  };
  if (/\s/.test(typed)) return fault('has a space in it');
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url?.protocol === 'http:') return fault('is not encrypted: both platforms accept https only');
  if (url?.protocol !== 'https:' || !/^https:\/\/[^/]/i.test(typed)) return fault('is not an https address');
  if (url.username || url.password) return fault('has a user name or a password in it');
  if (typed.includes('?') || typed.includes('#')) return fault('has a query or a fragment after the address');
  if (url.pathname !== '/') return fault(`has a path after the host (${url.pathname})`);
  return url.origin;
});

/** What to print for arguments that were refused: a line for each fault. */
export function explain(error: z.ZodError): string {
  return error.issues.map((issue) => issue.message).join('\n');
}
