import type { ConversationAddress, Platform } from '../core/interaction.js';

/** A structured log. Fields are ids, codes and counts, never people's words or secrets. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/** Encryption at rest, with the id of its key, and look-up digests. */
export interface Vault {
  /** Text of the form `keyId.nonce.ciphertext` (AES-256-GCM). `purpose` is bound to it: it opens under the same one only. */
  seal(plain: string, purpose: string): string;
  /** Throws when the text was changed, sealed for another purpose, or with a key that isn't there. */
  open(sealed: string, purpose: string): string;
  /** HMAC (hex) of a value that must be found again, bound to its purpose. */
  digest(value: string, purpose: string): string;
}

/** Pictures of figures, drawn from words that are localised already. */
export interface Charts {
  /** A PNG. Throws when it could not be drawn in time. */
  bars(chart: BarChart): Promise<Uint8Array>;
  /** A PNG: values over time. Throws as `bars`, and for more periods or series than it can show. */
  columns(chart: ColumnChart): Promise<Uint8Array>;
}

export interface BarChart {
  /** States the finding: "Teamwork was thanked for most". */
  readonly title: string;
  /** What was counted, and how many of them. */
  readonly subtitle?: string;
  /** Bars that are compared with one another; each group has its own measure, from zero. */
  readonly groups: readonly BarGroup[];
  /** BCP 47: how figures are written. */
  readonly locale: string;
}

export interface BarGroup {
  readonly heading?: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  readonly label: string;
  /** Not negative. */
  readonly value: number;
  /** Stands behind the figure, for instance a share. */
  readonly note?: string;
}

/** Values over time, every one with its figure: a row of columns for each series, one below the other, all from zero. */
export interface ColumnChart {
  /** States the finding: "Fewer missed the seminar than in spring". */
  readonly title: string;
  /** What was counted, and how many of them. */
  readonly subtitle?: string;
  /** What the columns stand for, the earliest first; 24 at most. */
  readonly periods: readonly string[];
  /** Three at most. */
  readonly series: readonly ColumnSeries[];
  /** BCP 47: how figures are written. */
  readonly locale: string;
}

export interface ColumnSeries {
  readonly name: string;
  /** One for each period, not negative; null where there is none: that is no zero. */
  readonly values: readonly (number | null)[];
  /** Of `percent` 1 is all, and the measure goes up to it; whole numbers when it is left out, measured alike in every series. */
  readonly style?: 'percent';
}

/** What is printed, and pictures made fit for it. Drawn from words that are localised already. */
export interface Papers {
  /**
   * The card on which a customer scans or writes: two pages, front and back.
   * @returns a PDF; the same card gives the same bytes
   * @throws RangeError for an address that is too long for a QR code (over 600 characters), and when it could not be drawn in time
   */
  complaintCard(card: ComplaintCard): Promise<Uint8Array>;
  /**
   * Makes an uploaded picture fit for pages and paper: 320 × 96 pixels at most, a PNG of 12 KB at most, nothing in it but the picture.
   * @param bytes a PNG or JPEG of 2 MB at most
   * @returns undefined for anything else, whatever it calls itself: no picture, one that is cut off, over 24 megapixels
   */
  logo(bytes: Uint8Array): Promise<Logo | undefined>;
}

export interface Logo {
  readonly png: Uint8Array;
  /** In pixels, as the height. */
  readonly width: number;
  readonly height: number;
}

/** Every text may be of any length: it shrinks, breaks, and ends in "…" at last. Empty ones take no room. */
export interface ComplaintCard {
  /** BCP 47. */
  readonly locale: string;
  /** Stands at the top. */
  readonly organisation: string;
  /** The location or service that it lies out at. */
  readonly place: string;
  /** "How was it?" */
  readonly headline: string;
  /** One or two sentences under it. */
  readonly lead: string;
  /** Where the QR code leads; printed under it too, to be typed. */
  readonly url: string;
  /** Beside the QR code: "Scan, or write on the back." */
  readonly scan: string;
  /** Heads the back: "Or write it here". */
  readonly write: string;
  /** To be ticked with a pen. Those that fit are printed: six at least; the page asks them all. */
  readonly scales: readonly PaperScale[];
  /** What is asked for in words, each with lines under it: two at most are printed, of long ones among many scales one. */
  readonly questions: readonly string[];
  /** Left out: nothing is asked of who writes. */
  readonly contact?: PaperContact;
  /** What to do with it: "Leave it in the box by the door." */
  readonly handIn?: string;
  /** The quiet last line of both sides, with the card's number. */
  readonly footer: string;
  /** As `Papers.logo` made it; what is no picture is left out. */
  readonly logo?: Uint8Array;
  /** `#rrggbb`; a light one is darkened until it stands out on paper. */
  readonly colour?: string;
  /** `a6` (when left out): the card itself. `a4`: four of them on a sheet, with marks to cut at. */
  readonly layout?: 'a6' | 'a4';
}

export interface PaperScale {
  /** "Waiting time" */
  readonly label: string;
  /** `smileys` are drawn without figures, from sad to glad. */
  readonly kind: 'numbers' | 'smileys';
  /** Whole numbers, 11 steps at most: 1 to 5, 0 to 10. */
  readonly from: number;
  readonly to: number;
  /** What the first and the last one mean. */
  readonly low?: string;
  readonly high?: string;
}

export interface PaperContact {
  /** "Shall we answer? (if you like)" */
  readonly heading: string;
  /** "Name", "E-mail or telephone": each with a line to write on; three at most are printed. */
  readonly fields: readonly string[];
  /** Stands beside a box to tick. */
  readonly consent: string;
}

/** Links that open the conversation with the bot, where they may be followed from outside: on paper, on a projector. */
export interface ChatLinks {
  /**
   * @param typed what stands in the message box then, ready to be sent; only where the platform can (Teams)
   * @returns an address, https where the platform can; undefined where it has no such link or isn't connected
   */
  toBot(workspace: LinkedWorkspace, typed?: string): string | undefined;
}

export interface LinkedWorkspace {
  readonly platform: Platform;
  /** The Slack team id or the Teams tenant id. */
  readonly externalId: string;
  /** The bot's own id there; null while it isn't known. */
  readonly botExternalId: string | null;
}

/** What a platform tells of a member. */
export interface MemberProfile {
  readonly externalId: string;
  readonly name: string;
  /** Only an address that the platform has confirmed. */
  readonly email?: string;
  readonly locale?: string;
  readonly zone?: string;
  /** The https address of the platform's own picture of this member. */
  readonly pictureUrl?: string;
  readonly isAdmin: boolean;
  readonly isGuest: boolean;
  readonly isBot: boolean;
  /** Of another organisation (Slack Connect, Teams federation). */
  readonly isStranger: boolean;
  readonly left: boolean;
  readonly address?: ConversationAddress;
}

export interface ChannelProfile {
  readonly externalId: string;
  readonly name: string;
  readonly kind: 'channel' | 'group';
  readonly parentExternalId?: string;
  readonly serviceUrl?: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly botIsMember: boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Undefined on the last page. */
  readonly next?: string;
}

/** A platform's lists of people and channels, page by page. Throws ChatError (delivery/port) codes. */
export interface Directory {
  readonly platform: Platform;
  /** `workspaceExternalId`: the Slack team id or the Teams tenant id. */
  members(workspaceExternalId: string, cursor: string | undefined): Promise<Page<MemberProfile>>;
  channels(workspaceExternalId: string, cursor: string | undefined): Promise<Page<ChannelProfile>>;
  /** External ids of the members. */
  channelMembers(workspaceExternalId: string, channelExternalId: string, cursor: string | undefined): Promise<Page<string>>;
  /** `address`: the member's own conversation with the bot, where it is known: Teams tells more of its members there. */
  member(workspaceExternalId: string, externalId: string, address?: ConversationAddress): Promise<MemberProfile | undefined>;
}

/** What happens to people and places, as adapters report it. */
export type DirectoryEvent =
  | { readonly kind: 'installed'; readonly workspace: WorkspaceProfile }
  | { readonly kind: 'removed' }
  | { readonly kind: 'member'; readonly member: MemberProfile }
  | { readonly kind: 'member_left'; readonly externalId: string }
  /** The bot was installed for, or blocked or removed by, one person. */
  | { readonly kind: 'reachable'; readonly externalId: string; readonly address: ConversationAddress }
  | { readonly kind: 'unreachable'; readonly externalId: string; readonly reason: string }
  | { readonly kind: 'channel'; readonly channel: ChannelProfile }
  | { readonly kind: 'channel_gone'; readonly externalId: string; readonly reason: 'archived' | 'deleted' | 'bot_removed' }
  | { readonly kind: 'channel_joined'; readonly channelExternalId: string; readonly externalIds: readonly string[] }
  | { readonly kind: 'channel_left'; readonly channelExternalId: string; readonly externalIds: readonly string[] };

export interface WorkspaceProfile {
  readonly platform: Platform;
  readonly externalId: string;
  readonly name: string;
  readonly botExternalId?: string;
  readonly serviceUrl?: string;
}

/** Adapters report here; `onceKey` as for interactions. Never throws: what fails is logged and read again at the next resynchronisation. */
export type ReportDirectoryEvent = (
  workspace: { readonly platform: Platform; readonly externalId: string },
  event: DirectoryEvent,
  onceKey: string,
) => Promise<void>;
