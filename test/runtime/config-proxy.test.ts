import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/runtime/config.js';

const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'secret' };
const read = (TRUST_PROXY?: string) => readConfig({ ...slack, TRUST_PROXY }).trustProxy;

describe('TRUST_PROXY', () => {
  it('is nobody when it is left out, a number of proxies, or their addresses', () => {
    expect([read(), read(''), read('0'), read('1'), read(' 2 ')]).toEqual([false, false, false, 1, 2]);
    expect(read('10.0.0.4, 10.1.0.0/16 loopback,2001:db8::/32')).toEqual(['10.0.0.4', '10.1.0.0/16', 'loopback', '2001:db8::/32']);
  });

  // With these everybody could choose an address, and so get round the limits.
  it.each(['true', '*', 'yes', '99', '-1', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0/8', 'proxy.example', '1.5'])(
    'is not %s',
    (given) => {
      expect(() => read(given)).toThrow(ConfigError);
      expect(() => read(given)).toThrow(/^TRUST_PROXY can't be used: it is neither/);
    },
  );
});
