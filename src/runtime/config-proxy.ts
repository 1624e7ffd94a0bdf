import { isIP } from 'node:net';
import { z } from 'zod';

/** As Express's `trust proxy` takes it: how many proxies stand in front, or the addresses that they come from; false for none. */
export type TrustedProxies = number | string[] | false;

/** More in a row than anybody has. */
const MOST_PROXIES = 10;
/** Networks by name, as the package proxy-addr knows them. */
const NAMED = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** `1`, or `10.0.0.4, 10.1.0.0/16, loopback`. To trust whoever sends the header would let everybody choose an address. */
export const TRUST_PROXY = z.string().transform((given, context): TrustedProxies => {
  if (/^\d+$/.test(given)) {
    const count = Number(given);
    if (count <= MOST_PROXIES) return count === 0 ? false : count;
  } else {
    const networks = given.split(/[\s,]+/).filter(Boolean);
    if (networks.every(isNetwork)) return networks;
  }
  context.addIssue({ code: 'custom', message: 'is neither a number of proxies nor a list of addresses' });
  return z.NEVER;
});

function isNetwork(given: string): boolean {
  if (NAMED.has(given)) return true;
  const [address = '', bits, ...rest] = given.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128));
}
