/** Marks that belong to an emoji: skin tones, the joiner, the emoji presentation, the letters of flags such as Scotland's. */
const EMOJI = /^\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|[\u{e0020}-\u{e007f}])*$/u;

/** UTF-16 units of the longest emoji that people use (a family with skin tones), and room for more. */
const LONGEST_EMOJI = 32;

/**
 * Slack's text fields hand over an emoji that was picked there by its name. These are the ones that a service value may
 * well stand for; any other is asked for as a character. Names: https://github.com/iamcal/emoji-data
 */
const BY_NAME: Readonly<Record<string, string>> = {
  '+1': '👍',
  bell: '🔔',
  bellhop_bell: '🛎️',
  blue_heart: '💙',
  bulb: '💡',
  chart_with_upwards_trend: '📈',
  clap: '👏',
  coffee: '☕',
  crown: '👑',
  dart: '🎯',
  ear: '👂',
  eyes: '👀',
  fire: '🔥',
  first_place_medal: '🥇',
  four_leaf_clover: '🍀',
  gem: '💎',
  gift: '🎁',
  green_heart: '💚',
  hand: '✋',
  handshake: '🤝',
  heart: '❤️',
  heart_eyes: '😍',
  hourglass: '⌛',
  hugging_face: '🤗',
  jigsaw: '🧩',
  key: '🔑',
  medal: '🏅',
  muscle: '💪',
  ok_hand: '👌',
  pray: '🙏',
  purple_heart: '💜',
  rainbow: '🌈',
  raised_hands: '🙌',
  rocket: '🚀',
  scales: '⚖️',
  seedling: '🌱',
  shield: '🛡️',
  smile: '😄',
  smiley: '😃',
  sparkles: '✨',
  speech_balloon: '💬',
  star: '⭐',
  star2: '🌟',
  stopwatch: '⏱️',
  sun_with_face: '🌞',
  sunny: '☀️',
  tada: '🎉',
  telephone_receiver: '📞',
  thumbsup: '👍',
  trophy: '🏆',
  wave: '👋',
  yellow_heart: '💛',
  zap: '⚡',
};

/**
 * The one emoji that somebody typed, or picked in Slack.
 * @returns the character; `name` when it is a name that stands for none of those known here; undefined when it is no single emoji
 */
export function readEmoji(typed: string): { readonly emoji: string } | 'name' | undefined {
  const text = typed.trim();
  const name = /^:([^\s:]+):(?::skin-tone-\d:)?$/.exec(text)?.[1];
  if (name !== undefined) {
    const emoji = BY_NAME[name];
    return emoji === undefined ? 'name' : { emoji };
  }
  if (text.length > LONGEST_EMOJI || !EMOJI.test(text)) return undefined;
  // A family is one character to the eye, two hands beside one another are two.
  return [...new Intl.Segmenter('und').segment(text)].length === 1 ? { emoji: text } : undefined;
}

/**
 * Slack's name of a reaction emoji, without colons and skin tone: `:clap::skin-tone-2:` is `clap`.
 * @returns empty for none, undefined when it is no name. Workspaces name their own in letters of any alphabet.
 */
export function readEmojiName(typed: string): string | undefined {
  const name = typed
    .trim()
    .toLowerCase()
    .replace(/:?:skin-tone-\d:?$/, '')
    .replace(/^:|:$/g, '');
  return name === '' || /^[\p{L}\p{M}\p{N}_+'’-]{1,100}$/u.test(name) ? name : undefined;
}
