import { z } from 'zod';
import { ChatError } from '../../src/delivery/port.js';
import { isLoopback } from './files.js';

/** Addresses of the authorities, by botbuilder's own names. */
export interface Authorities {
  readonly ToChannelFromBotLoginUrl?: string | undefined;
  readonly ToChannelFromBotOAuthScope?: string | undefined;
  readonly ToBotFromChannelTokenIssuer?: string | undefined;
  readonly ToBotFromChannelOpenIdMetadataUrl?: string | undefined;
  readonly ToBotFromEmulatorOpenIdMetadataUrl?: string | undefined;
}

export interface TokenOptions {
  readonly trial: boolean;
  readonly appId: string;
  readonly appPassword: string;
  readonly authorities: Authorities;
  /** botbuilder's credentials; asked for a token when it is needed. */
  readonly credentials: () => Promise<unknown>;
}

/** Where the keys of Teams' tokens are read. */
export function openIdOf(authorities: Authorities): string {
  return authorities.ToBotFromChannelOpenIdMetadataUrl ?? 'https://login.botframework.com';
}

/**
 * Makes the headers that prove to the connector who asks. A token that can't be had means that nothing was
 * sent: `unauthorised` when the app is refused, else `transient`.
 */
export function createTokens(options: TokenOptions): () => Promise<Readonly<Record<string, string>>> {
  const { trial, authorities } = options;
  if (trial) return async () => ({});
  const login = authorities.ToChannelFromBotLoginUrl;
  if (login && isLocal(login)) return localTokens(login, options);
  // Keys on this computer and no authority to ask: the connector stands beside them and knows no tokens.
  if (!login && authorities.ToBotFromChannelOpenIdMetadataUrl && isLocal(authorities.ToBotFromChannelOpenIdMetadataUrl))
    return async () => ({});
  return async () => {
    try {
      const credentials = await options.credentials();
      if (!canGetToken(credentials)) throw new Error('The credentials give no token.');
      return { authorization: `Bearer ${await credentials.getToken()}` };
    } catch (error) {
      throw tokenError(error);
    }
  };
}

function canGetToken(credentials: unknown): credentials is { getToken(): Promise<string> } {
  return typeof credentials === 'object' && credentials !== null && 'getToken' in credentials && typeof credentials.getToken === 'function';
}

/** MSAL names what the authority refused; everything else is a matter of the way there. */
const REFUSED = new Set(['invalid_client', 'unauthorized_client', 'invalid_request', 'invalid_grant', 'access_denied', 'invalid_scope']);

function tokenError(error: unknown): ChatError {
  const code = error instanceof Error && 'errorCode' in error && typeof error.errorCode === 'string' ? error.errorCode : 'no_token';
  return new ChatError(REFUSED.has(code) ? 'unauthorised' : 'transient', code, { cause: error });
}

const TokenAnswer = z.looseObject({ access_token: z.string(), expires_in: z.number() });

/** MSAL asks https authorities only: one on this computer is asked for the client's credentials grant (RFC 6749, 4.4) directly. */
function localTokens(login: string, { appId, appPassword, authorities }: TokenOptions): () => Promise<Readonly<Record<string, string>>> {
  let kept: { token: string; until: number } | undefined;
  return async () => {
    if (!kept || kept.until < performance.now()) {
      try {
        const response = await fetch(`${login.replace(/\/+$/, '')}/oauth2/v2.0/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: appId,
            client_secret: appPassword,
            scope: `${authorities.ToChannelFromBotOAuthScope ?? 'https://api.botframework.com'}/.default`,
          }),
          signal: AbortSignal.timeout(5000),
        });
        if (!response.ok)
          throw Object.assign(new Error(`HTTP ${response.status}`), { errorCode: response.status < 500 ? 'invalid_client' : 'no_token' });
        const { access_token: token, expires_in: seconds } = TokenAnswer.parse(await response.json());
        kept = { token, until: performance.now() + (seconds - 60) * 1000 };
      } catch (error) {
        throw tokenError(error);
      }
    }
    return { authorization: `Bearer ${kept.token}` };
  };
}

function isLocal(url: string): boolean {
  return URL.canParse(url) && isLoopback(new URL(url).hostname);
}
