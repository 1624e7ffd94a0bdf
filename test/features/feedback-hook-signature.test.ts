import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { checkHeaders, isSignedBy, newSecret, type SignatureProblem, type Signed } from '../../src/features/feedback/hooks/signature.js';

const NOW = new Date('2027-03-01T08:00:00Z');
const BODY = '{"words":"The queue was long – “very” long 🙂"}';

/** A request as the reference library of Standard Webhooks signs it. */
function signedBy(secret: string, { id = 'msg_1', at = NOW, body = BODY } = {}): Signed {
  return {
    id,
    timestamp: String(Math.floor(at.getTime() / 1000)),
    signature: new Webhook(secret).sign(id, at, body),
    body: Buffer.from(body),
  };
}

/** As the door does it: the headers, then one key after another. */
function checkSignature(
  signed: Signed,
  secrets: readonly string[],
  now: Date,
): { readonly by: number; readonly id: string } | { readonly problem: SignatureProblem } {
  const checked = checkHeaders(signed, now);
  if ('problem' in checked) return checked;
  const by = secrets.findIndex((secret) => isSignedBy(checked, secret));
  return by < 0 ? { problem: 'signature_wrong' } : { by, id: checked.id };
}

describe('The signature of a web hook', () => {
  it('is right when the reference library made it', () => {
    const secret = newSecret();
    expect(checkSignature(signedBy(secret), [secret], NOW)).toEqual({ by: 0, id: 'msg_1' });
  });

  it('is right for any body and id that may be sent', () => {
    const secret = newSecret();
    const id = fc.stringMatching(/^[!-\-/-~]{1,200}$/);
    fc.assert(
      fc.property(id, fc.string({ unit: 'binary' }), (made, body) => {
        expect(checkSignature(signedBy(secret, { id: made, body }), [secret], NOW)).toEqual({ by: 0, id: made });
      }),
    );
  });

  it('tells which key it was, while one is rotated', () => {
    const [old, fresh] = [newSecret(), newSecret()];
    expect(checkSignature(signedBy(old), [fresh, old], NOW)).toEqual({ by: 1, id: 'msg_1' });
    const both = { ...signedBy(old), signature: `${signedBy(newSecret()).signature} ${signedBy(fresh).signature}` };
    expect(checkSignature(both, [fresh], NOW)).toEqual({ by: 0, id: 'msg_1' });
  });

  it('is wrong when a single byte of body, id, time or signature is another', () => {
    const secret = newSecret();
    const right = signedBy(secret);
    const wrong: Partial<Signed>[] = [
      { body: Buffer.from(BODY.replace('long', 'Long')) },
      { body: Buffer.concat([Buffer.from(BODY), Buffer.from(' ')]) },
      { id: 'msg_2' },
      { timestamp: String(Number(right.timestamp) + 1) },
      { signature: right.signature?.replace('v1,', 'v2,') },
      { signature: right.signature?.replace('v1,', 'v1a,') },
      { signature: `${right.signature?.slice(0, -4)}AAA=` },
      { signature: 'v1,' },
    ];
    for (const change of wrong) {
      expect(checkSignature({ ...right, ...change }, [secret], NOW), JSON.stringify(change)).toEqual({ problem: 'signature_wrong' });
    }
    expect(checkSignature(right, [newSecret()], NOW)).toEqual({ problem: 'signature_wrong' });
    expect(checkSignature(right, [], NOW)).toEqual({ problem: 'signature_wrong' });
  });

  it('is good for five minutes either way', () => {
    const secret = newSecret();
    const at = (seconds: number) => checkSignature(signedBy(secret, { at: new Date(NOW.getTime() + seconds * 1000) }), [secret], NOW);
    expect(at(-300)).toEqual({ by: 0, id: 'msg_1' });
    expect(at(300)).toEqual({ by: 0, id: 'msg_1' });
    expect(at(-301)).toEqual({ problem: 'too_old' });
    expect(at(301)).toEqual({ problem: 'too_new' });
  });

  it('says which header is missing or can’t be read', () => {
    const secret = newSecret();
    const right = signedBy(secret);
    for (const name of ['id', 'timestamp', 'signature'] as const) {
      expect(checkSignature({ ...right, [name]: undefined }, [secret], NOW)).toEqual({ problem: 'headers_missing' });
    }
    for (const id of ['two words', 'full.stop', 'ä', 'x'.repeat(201)]) {
      expect(checkSignature({ ...right, id }, [secret], NOW)).toEqual({ problem: 'id_invalid' });
    }
    for (const timestamp of ['now', '1e9', '-5', '12.5', '9'.repeat(40)]) {
      expect(checkSignature({ ...right, timestamp }, [secret], NOW)).toEqual({ problem: 'timestamp_invalid' });
    }
  });
});
