import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vault } from '../people/ports.js';
import { OperatorError } from './operator-error.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encryption at rest: AES-256-GCM under a key derived for each purpose (HKDF-SHA-256), so that a text
 * sealed for one purpose can't be passed off as another.
 * @param keys 32 bytes each, newest first. The first one seals; all of them open; the last one, the
 * organisation's oldest, makes the look-up digests: they must stay the same when a key is replaced.
 */
export function createVault(keys: readonly Buffer[]): Vault {
  const rings = keys.map(ring);
  const newest = rings[0];
  const oldest = rings[rings.length - 1];
  if (!newest || !oldest) throw new Error('A vault needs a key.');
  return {
    seal: (plain, purpose) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest.subkey('seal', purpose), nonce);
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${newest.id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    open: (sealed, purpose) => {
      const [id, nonce, bytes, ...rest] = sealed.split('.');
      const found = rings.find((candidate) => candidate.id === id);
      if (nonce === undefined || bytes === undefined || rest.length > 0) throw new Error('This is no sealed text.');
      if (!found) throw new Error(`The key ${id} is not there. Add it to BELLHOP_ENCRYPTION_KEYS_OLD.`);
      const body = Buffer.from(bytes, 'base64url');
      const split = body.length - TAG_BYTES;
      if (split < 0) throw new Error('This is no sealed text.');
      const decipher = createDecipheriv('aes-256-gcm', found.subkey('seal', purpose), Buffer.from(nonce, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(body.subarray(split));
      return Buffer.concat([decipher.update(body.subarray(0, split)), decipher.final()]).toString('utf8');
    },
    digest: (value, purpose) => createHmac('sha256', oldest.subkey('digest', purpose)).update(value).digest('hex'),
  };
}

interface Ring {
  /** Tells which key it was, and nothing about the key. */
  readonly id: string;
  readonly subkey: (use: 'seal' | 'digest', purpose: string) => Buffer;
}

function ring(key: Buffer): Ring {
  if (key.length !== 32) throw new Error('A key is 32 bytes long.');
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', key, 'bellhop', info, 32));
  const subkeys = new Map<string, Buffer>();
  return {
    id: derive('key id').subarray(0, 4).toString('hex'),
    subkey: (use, purpose) => {
      const info = `${use} ${purpose}`;
      const derived = subkeys.get(info) ?? derive(info);
      subkeys.set(info, derived);
      return derived;
    },
  };
}

export interface KeptKey {
  readonly key: Buffer;
  readonly path: string;
  readonly made: boolean;
}

/**
 * The key that is kept in the data folder (`encryption.key`, base64, readable by its owner alone); made when there is none.
 * @throws OperatorError when the file is there and holds no key: a new one would lose what the old one sealed
 */
export function keptKey(dataDir: string): KeptKey {
  const path = join(dataDir, 'encryption.key');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // `wx`: of two processes that start at once one makes the key and the other reads it.
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
    return { key: read(path), path, made: true };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(path, 0o600);
  return { key: read(path), path, made: false };
}

function read(path: string): Buffer {
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== 32)
    throw new OperatorError(
      'vault.key_unreadable',
      `${path} holds no key of 32 bytes (base64). Put the former one back, or set BELLHOP_ENCRYPTION_KEY.`,
    );
  return key;
}
