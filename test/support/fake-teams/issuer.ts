import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const ISSUER = 'https://api.botframework.com';

export type TokenFault =
  | 'wrong_key'
  | 'wrong_audience'
  | 'wrong_issuer'
  | 'expired'
  | 'no_service_url'
  | 'not_endorsed'
  | 'unsigned'
  | 'changed';

/** An OpenID server as Bot Framework's, on this computer: it publishes keys, signs tokens and gives the bot its own. */
export interface Issuer {
  readonly metadataUrl: string;
  readonly loginUrl: string;
  /** A token for one activity, good or wrong in one respect. */
  token(serviceUrl: string, fault?: TokenFault): Promise<string>;
  /** The token that the bot got for the connector. */
  readonly botToken: string;
  readonly asked: () => number;
  /** By how many ms its clock goes ahead of the real one; the bot's has to go with it. */
  shiftMs: number;
  stop(): Promise<void>;
}

export async function startIssuer(appId: string): Promise<Issuer> {
  const [good, bare, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const keys = [
    { ...(await exportJWK(good.publicKey)), kid: 'good', use: 'sig', alg: 'RS256', endorsements: ['msteams'] },
    { ...(await exportJWK(bare.publicKey)), kid: 'bare', use: 'sig', alg: 'RS256', endorsements: ['webchat'] },
  ];
  const botToken = 'the-bot-itself';
  let asked = 0;
  const server: Server = createServer((request, response) => {
    asked++;
    const base = `http://${request.headers.host}`;
    const pages: Record<string, object> = {
      '/openid': { issuer: ISSUER, jwks_uri: `${base}/keys`, id_token_signing_alg_values_supported: ['RS256'] },
      '/keys': { keys },
      '/tenant/oauth2/v2.0/token': { access_token: botToken, expires_in: 3600, token_type: 'Bearer' },
    };
    const page = pages[request.url ?? ''];
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(page ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: Issuer = {
    metadataUrl: `${base}/openid`,
    loginUrl: `${base}/tenant`,
    botToken,
    asked: () => asked,
    shiftMs: 0,
    async token(serviceUrl, fault) {
      const now = Math.floor((Date.now() + issuer.shiftMs) / 1000);
      const key = fault === 'wrong_key' ? foreign : fault === 'not_endorsed' ? bare : good;
      const signed = await new SignJWT({ ...(fault !== 'no_service_url' && { serviceurl: serviceUrl }) })
        .setProtectedHeader({ alg: 'RS256', kid: fault === 'not_endorsed' ? 'bare' : 'good' })
        .setIssuer(fault === 'wrong_issuer' ? 'https://login.example.com' : ISSUER)
        .setAudience(fault === 'wrong_audience' ? 'another-app' : appId)
        .setIssuedAt(now - 7200)
        .setNotBefore(now - 7200)
        .setExpirationTime(fault === 'expired' ? now - 3600 : now + 3600)
        .sign(key.privateKey);
      const [head, body, signature] = signed.split('.');
      if (fault === 'unsigned') return `${Buffer.from('{"alg":"none","kid":"good"}').toString('base64url')}.${body}.`;
      if (fault === 'changed')
        return `${head}.${Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()), name: 'x' })).toString('base64url')}.${signature}`;
      return signed;
    },
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return issuer;
}
