import { expect, test } from 'vitest';
import { createStatementNames } from '../../src/runtime/statement-names.js';

const OFTEN = 10;

function names() {
  let ms = 0;
  const nameOf = createStatementNames(() => ms);
  return {
    send: (sql: string, times = 1) => {
      let name = '';
      for (let sent = 0; sent < times; sent++) name = nameOf({ sql, args: [1] });
      return name;
    },
    nameOf,
    pass: (passed: number) => {
      ms += passed;
    },
  };
}

test('what is sent often within a short time gets a name, the same ever after and no other', () => {
  const { send, pass } = names();
  expect(send('SELECT a FROM b WHERE c = $1', OFTEN - 1)).toBe('');
  const name = send('SELECT a FROM b WHERE c = $1');
  expect(name).toMatch(/^[\w-]{22}$/);
  expect(send('SELECT a FROM d WHERE c = $1', OFTEN)).not.toBe(name);
  pass(3_600_000);
  expect(send('SELECT a FROM b WHERE c = $1')).toBe(name);
});

test('a sweep gets none, however long the bot runs', () => {
  const { send, pass } = names();
  for (let hour = 0; hour < 50; hour++) {
    expect(send('UPDATE a SET b = $1', 2)).toBe('');
    pass(3_600_000);
  }
});

test('nor does what has no parameters, or gives all columns', () => {
  const { nameOf, send } = names();
  for (let sent = 0; sent < 2 * OFTEN; sent++) expect(nameOf({ sql: 'SELECT 1', args: [] })).toBe('');
  expect(send('SELECT * FROM a WHERE b = $1', 2 * OFTEN)).toBe('');
  expect(send('UPDATE a SET b = $1 RETURNING a.*', 2 * OFTEN)).toBe('');
});
