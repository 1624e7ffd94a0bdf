import type { CommandToken } from '../../src/core/interaction.js';

/** The words of a command. Mentions come as `<@U1|name>` and `<#C1|name>`; a typed `@name` stays a word. */
export function tokens(text: string): CommandToken[] {
  const found = text.match(/<[^>\s][^>]*>|[^\s<]+|</g) ?? [];
  return found.map((part): CommandToken => {
    const mention = /^<([@#])([A-Z0-9]+)(?:\|[^>]*)?>$/.exec(part);
    if (!mention) return { kind: 'word', text: readable(part) };
    const id = mention[2] ?? '';
    return mention[1] === '@' ? { kind: 'person', hint: { by: 'account', externalId: id } } : { kind: 'channel', externalId: id };
  });
}

/**
 * What Slack wrote of a person's text, as the person typed it: entities undone, links and mentions by their names.
 * @param names of people by their ids, where Slack wrote the ids alone
 */
export function readable(text: string, names?: ReadonlyMap<string, string>): string {
  return undoEscapes(
    text
      .replace(
        /<([@#])([A-Z0-9]+)(?:\|([^>]*))?>/g,
        (_, sign: string, id: string, name: string | undefined) => `${sign}${name || names?.get(id) || id}`,
      )
      .replace(/<!(?:subteam\^)?([^|>]+)(?:\|([^>]*))?>/g, (_, id: string, name: string | undefined) => name || `@${id}`)
      .replace(/<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>/g, (_, url: string, name: string | undefined) => name || url),
  );
}

/** The ids of the people whom a text mentions without telling their names. */
export function mentioned(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/<@([A-Z0-9]+)>/g)].flatMap(([, id]) => id ?? []))];
}

function undoEscapes(text: string): string {
  return withoutNul(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

/** PostgreSQL can't keep this character, and nobody can see it. */
export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '');
}
