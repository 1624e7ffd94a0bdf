import { beforeEach, describe, expect, it } from 'vitest';
import { readPeopleFile } from '../../src/features/bellhop/csv.js';
import { planImport } from '../../src/features/bellhop/import-plan.js';
import { createBellhopFeature } from '../../src/features/bellhop/index.js';
import type { FilePerson } from '../../src/features/bellhop/store.js';
import { writeCsv } from '../../src/people/csv.js';
import { expectFile } from '../support/answers.js';
import { BUILT_AT, manyPeople, testVault } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { fileOf, keysIn, type TestBot, testBot } from '../support/test-bot.js';

const bytes = (text: string) => Buffer.from(text);

describe('reading a file of people', () => {
  const read = (content: Uint8Array | string, locale = 'en') =>
    readPeopleFile(typeof content === 'string' ? bytes(content) : content, locale);
  const values = (content: Uint8Array | string, locale?: string) => read(content, locale).map((line) => line.values);

  it.each([
    ['commas', 'email,team\nana@example.com,Front\n'],
    ['semicolons, as Excel in Latvian writes', 'email;team\r\nana@example.com;Front\r\n'],
    ['tabs', 'email\tteam\nana@example.com\tFront'],
    ['a byte order mark', '\ufeffemail,team\nana@example.com,Front'],
    ['the separator told', 'sep=;\r\nemail;team\r\nana@example.com;Front'],
    ['headings in Latvian', 'E-pasts;Komanda\nana@example.com;Front'],
    ['empty lines', '\nemail,team\n\n,\nana@example.com,Front\n\n'],
    ['quotes', '"E-mail","Team"\n"ana@example.com","Front"'],
    ['columns of others', 'id,email,shoe size,team\n7,ana@example.com,41,Front'],
  ])('takes %s', (_, content) => {
    expect(values(content)).toEqual([{ email: 'ana@example.com', team: 'Front' }]);
  });

  it('reads UTF-16 and the encodings of old spreadsheets', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name\tteam\nĀna\tX', 'utf16le')]);
    expect(values(utf16)).toEqual([{ name: 'Āna', team: 'X' }]);
    // "Bērzs" in windows-1257: ē is 0xE7.
    expect(values(Buffer.from([...bytes('name\nB'), 0xe7, ...bytes('rzs')]), 'lv')).toEqual([{ name: 'Bērzs' }]);
  });

  it('counts lines as an editor does', () => {
    expect(read('email\na@x\n\n"b@\nx"\nc@x').map((line) => line.line)).toEqual([2, 4, 6]);
  });

  it.each([
    ['nothing', '', 'bellhop.csv_empty'],
    ['a heading alone', 'email,team\n', 'bellhop.csv_empty'],
    ['no column that tells who', 'team,role\nFront,manager', 'bellhop.csv_no_columns'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 1, 2]), 'bellhop.csv_'],
  ])('refuses %s', (_, content, code) => {
    expect(() => read(content)).toThrow(code);
  });

  it('writes no formula, and takes its own files back', () => {
    const evil = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx'];
    const written = writeCsv([['name', 'team'], ...evil.map((cell) => [cell, 'a;b,"c"'])], 'lv');
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(written);
    expect(text.startsWith('\ufeffname;team\r\n')).toBe(true);
    for (const line of text.split('\r\n').slice(1).filter(Boolean)) expect(line).toMatch(/^"?'/);
    expect(values(written).map((line) => line.name)).toEqual(evil);
  });
});

describe('planning', () => {
  const digest = (email: string) => testVault.digest(email, 'person.email');
  const person = (id: string, overrides: Partial<FilePerson> = {}): FilePerson => ({
    id,
    name: id,
    role: 'employee',
    emailHash: digest(`${id}@x`),
    emailCipher: null,
    lineManagerId: null,
    teamId: null,
    locationId: null,
    ...overrides,
  });
  const plan = (file: string, people: FilePerson[]) =>
    planImport(
      readPeopleFile(bytes(file), 'en'),
      { people, teams: [{ id: 't1', name: 'Front Desk' }], locations: [], actorId: 'boss' },
      digest,
    );
  const boss = person('boss', { role: 'owner' });

  it('takes a line whole or not at all', () => {
    const made = plan('email,team,line_manager\nana@x,New team,nobody@x\n', [boss, person('ana')]);
    expect(made.lines[0]?.result).toMatchObject({ failure: 'manager_unknown' });
    expect(made).toMatchObject({ people: [], newTeams: [], newLocations: [] });
  });

  it('changes nothing for an empty cell, takes away for a dash, and knows teams in any spelling', () => {
    const ana = person('ana', { teamId: 't1', lineManagerId: 'boss' });
    expect(plan('email,team,line_manager\nana@x,,', [boss, ana]).lines[0]?.result).toEqual({ changed: [] });
    expect(plan('email,team\nana@x,FRONT  desk', [boss, ana]).lines[0]?.result).toEqual({ changed: [] });
    expect(plan('email,team,line_manager\nana@x,-,–', [boss, ana]).people).toMatchObject([{ teamName: null, lineManagerId: null }]);
  });

  it('refuses rings, also those that the file itself would make', () => {
    const made = plan('email,line_manager\na@x,b@x\nb@x,c@x\nc@x,a@x\na@x,a@x', [boss, person('a'), person('b'), person('c')]);
    expect(made.lines.map((line) => ('failure' in line.result ? line.result.failure : 'changed'))).toEqual([
      'changed',
      'changed',
      'own_line',
      'person_twice',
    ]);
  });

  it('keeps an owner, and the sender’s own role', () => {
    const made = plan('email,role\nboss@x,employee\nother@x,employee\nlast@x,vadītājs', [
      boss,
      person('other', { role: 'owner' }),
      person('last'),
    ]);
    expect(made.lines.map((line) => ('failure' in line.result ? line.result.failure : 'changed'))).toEqual([
      'own_role',
      'changed',
      'changed',
    ]);
  });

  it('asks for the address where a name is several people’s', () => {
    const made = plan('name,role\nAna,manager\nanna,manager', [
      boss,
      person('1', { name: 'Ana' }),
      person('2', { name: 'ANA' }),
      person('3', { name: 'Änna' }),
    ]);
    expect(made.lines[0]?.result).toMatchObject({ failure: 'person_ambiguous' });
    expect(made.people).toMatchObject([{ before: { id: '3' }, role: 'manager' }]);
  });
});

describe('importing in chat', () => {
  const database = useDatabase();
  let bot: TestBot;
  beforeEach(async () => {
    await database.reset();
    bot = await testBot({ now: BUILT_AT.toISOString(), database, features: [createBellhopFeature({ directories: new Map() })] });
  });

  it('takes 1,000 lines, reports each, and tells those who got a role', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner', email: 'olga@example.com' });
    const ids = Array.from({ length: 1000 }, (_, index) => index);
    const people = await manyPeople(database.db, bot.organisation, ids.length);
    const lines = ids.map((index) => {
      if (index === 10) return 'nobody@example.com;manager;;';
      if (index === 20) return 'p20@example.com;king;;';
      return `p${index}@example.com;${index === 5 ? 'manager' : ''};olga@example.com;Team ${index % 3}`;
    });
    const form = await bot.as(owner).command('bellhop people import');
    const answer = await bot
      .as(owner)
      .submit(form, { file: [fileOf('people.csv', `email;role;line_manager;team\r\n${lines.join('\r\n')}`)] });
    const report = expectFile(answer);
    expect(report.rows).toHaveLength(1001);
    expect(report.rows[11]).toContain('bellhop.import.person_unknown');
    expect(report.rows[21]).toContain('bellhop.import.role_unknown');
    expect(keysIn(answer)).toContain('bellhop.import.failed_line');
    expect(await database.db.person.count({ where: { lineManagerId: owner.id } })).toBe(998);
    expect(await database.db.team.count()).toBe(3);
    expect(await database.db.auditEvent.count()).toBe(998 * 2 + 1);
    await bot.runDue();
    const promoted = people[5];
    if (!promoted) throw new Error('There is no sixth person.');
    expect(keysIn(bot.messagesTo(promoted)[0]?.card)).toContain('bellhop.role_given.by');
  });

  it('takes the file that comes with the command, from owners only', async () => {
    const owner = await bot.person({ name: 'Olga', role: 'owner', platform: 'teams' });
    const manager = await bot.person({ name: 'Mia', role: 'manager' });
    const files = [fileOf('people.csv', 'name,team\nMia,Front')];
    expect(keysIn(await bot.as(manager).command('bellhop people import', { files }))).toEqual([
      'core.errors.role_needed',
      'core.errors.role_needed',
    ]);
    expect(expectFile(await bot.as(owner).command('bellhop people import', { files })).rows).toHaveLength(2);
    expect(await database.db.team.count()).toBe(1);
  });

  it('keeps the form open for a file that can not be read', async () => {
    const owner = await bot.person({ role: 'owner' });
    const form = await bot.as(owner).command('bellhop people import');
    const answer = await bot.as(owner).submit(form, { file: [fileOf('people.csv', 'team\nFront')] });
    expect(answer).toMatchObject({ kind: 'errors', errors: { form: { key: 'bellhop.errors.csv_no_columns' } } });
  });

  it('gives back everybody, addresses included, safe for spreadsheets', async () => {
    const owner = await bot.person({ name: '=cmd|x', role: 'owner', email: 'olga@example.com' });
    await bot.person({ name: 'Ana', email: 'ana@example.com', lineManager: owner });
    const { rows } = expectFile(await bot.as(owner).command('bellhop people export'));
    expect(rows).toEqual([
      'name,email,role,line_manager,team,location',
      "'=cmd|x,olga@example.com,owner,,,",
      'Ana,ana@example.com,employee,olga@example.com,,',
    ]);
  });
});
