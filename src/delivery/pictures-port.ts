/** Pictures that cards show, as chat adapters need them. */
export interface Pictures {
  /** The bytes; undefined when it is gone. */
  read(id: string): Promise<{ readonly mime: 'image/png' | 'image/jpeg'; readonly content: Uint8Array } | undefined>;
  /** Slack's file id of the copy in a workspace, once noted. */
  copy(id: string, workspaceExternalId: string): Promise<string | undefined>;
  noteCopy(id: string, workspaceExternalId: string, externalId: string): Promise<void>;
  /** The address on the bot's own web door; undefined where it has none. */
  url(id: string): string | undefined;
}
