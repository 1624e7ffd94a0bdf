import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVault, keptKey } from '../../src/runtime/vault.js';

const first = randomBytes(32);
const second = randomBytes(32);

describe('a vault', () => {
  it('opens what it sealed, under the same purpose only', () => {
    const vault = createVault([first]);
    const sealed = vault.seal('āna@example.com', 'email');
    expect(sealed).toMatch(/^[0-9a-f]{8}\.[\w-]+\.[\w-]+$/);
    expect(sealed).not.toContain('example');
    expect(vault.open(sealed, 'email')).toBe('āna@example.com');
    expect(() => vault.open(sealed, 'phone')).toThrow();
    expect(vault.seal('āna@example.com', 'email')).not.toBe(sealed);
  });

  it('refuses what was changed, cut or never sealed', () => {
    const vault = createVault([first]);
    const sealed = vault.seal('x', 'p');
    const [id, nonce, body = ''] = sealed.split('.');
    const flipped = Buffer.from(body, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(() => vault.open(`${id}.${nonce}.${flipped.toString('base64url')}`, 'p')).toThrow();
    for (const broken of ['', 'x', `${id}.${nonce}`, `${id}.${nonce}.`, `${sealed}.x`]) expect(() => vault.open(broken, 'p')).toThrow();
  });

  it('after a new key opens the old texts, seals with the new one, and finds what it found before', () => {
    const before = createVault([first]);
    const sealed = before.seal('x', 'p');
    const after = createVault([second, first]);
    expect(after.open(sealed, 'p')).toBe('x');
    expect(after.digest('x', 'p')).toBe(before.digest('x', 'p'));
    expect(() => before.open(after.seal('x', 'p'), 'p')).toThrow('BELLHOP_ENCRYPTION_KEYS_OLD');
  });

  it('digests by value, purpose and key', () => {
    const vault = createVault([first]);
    expect(vault.digest('a', 'p')).toMatch(/^[0-9a-f]{64}$/);
    expect(
      new Set([vault.digest('a', 'p'), vault.digest('b', 'p'), vault.digest('a', 'q'), createVault([second]).digest('a', 'p')]).size,
    ).toBe(4);
  });

  it('needs keys of 32 bytes', () => {
    expect(() => createVault([])).toThrow();
    expect(() => createVault([randomBytes(16)])).toThrow('32');
  });
});

describe('the key in the data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bellhop-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, for its owner alone', () => {
    const made = keptKey(join(folder, 'data'));
    expect(made).toMatchObject({ made: true, path: join(folder, 'data', 'encryption.key') });
    expect(statSync(made.path).mode & 0o777).toBe(0o600);
    expect(keptKey(join(folder, 'data'))).toEqual({ ...made, made: false });
  });

  it('is closed to others again', () => {
    const { path } = keptKey(folder);
    chmodSync(path, 0o644);
    keptKey(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is never replaced when it is broken', () => {
    const { path } = keptKey(folder);
    writeFileSync(path, 'oops');
    expect(() => keptKey(folder)).toThrow('encryption.key');
    expect(readFileSync(path, 'utf8')).toBe('oops');
  });
});
