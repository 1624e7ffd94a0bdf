import { describe, expect, it } from 'vitest';
import { type Detail, digestOf, GENESIS, hashOf, type Link, newSalt } from '../../src/features/handbook/chain.js';
import { csvFile } from '../../src/features/handbook/csv.js';
import {
  climb,
  firstStage,
  LAST_STAGE,
  missingPages,
  nameProblem,
  namesDiffer,
  stageAt,
  stageNotBefore,
  stageOffset,
} from '../../src/features/handbook/rules.js';
import { checkLink, EMPTY_CHAIN, versionHolds } from '../../src/features/handbook/verify.js';

const hours = { start: 540, end: 1020, days: [1, 2, 3, 4, 5] };
const riga = { zone: 'Europe/Riga', hours };
const newYork = { zone: 'America/New_York', hours };
const at = (iso: string) => new Date(iso);

describe('the reminder ladder', () => {
  it('stands 7 days and 1 day before, on the day, daily for a week and weekly for eight weeks', () => {
    expect(Array.from({ length: LAST_STAGE }, (_, index) => stageOffset(index + 1))).toEqual([
      ...[-7, -1, 0],
      ...[1, 2, 3, 4, 5, 6, 7],
      ...[14, 21, 28, 35, 42, 49, 56, 63],
    ]);
  });

  it('goes out at 10:00 of the person, before and after the clocks change', () => {
    // Riga: UTC+2 until 28 March 2027, then UTC+3. New York: UTC-5 until 14 March, then UTC-4.
    expect(stageAt('2027-03-26', 3, riga)).toEqual(at('2027-03-26T08:00:00Z'));
    expect(stageAt('2027-03-29', 3, riga)).toEqual(at('2027-03-29T07:00:00Z'));
    expect(stageAt('2027-03-12', 3, newYork)).toEqual(at('2027-03-12T15:00:00Z'));
    expect(stageAt('2027-03-15', 3, newYork)).toEqual(at('2027-03-15T14:00:00Z'));
    // And back: 31 October in Riga, 7 November in New York.
    expect(stageAt('2027-11-01', 3, riga)).toEqual(at('2027-11-01T08:00:00Z'));
    expect(stageAt('2027-11-08', 3, newYork)).toEqual(at('2027-11-08T15:00:00Z'));
  });

  it('waits for the next opening outside working hours', () => {
    // 7 days before Saturday 20 March is a Saturday: Monday at nine.
    expect(stageAt('2027-03-20', 1, riga)).toEqual(at('2027-03-15T07:00:00Z'));
    expect(stageAt('2027-03-08', 3, { zone: 'Europe/Riga', hours: { start: 840, end: 1320, days: [1] } })).toEqual(
      at('2027-03-08T12:00:00Z'),
    );
  });

  it('is overtaken by the next stage when it would wait until that day', () => {
    // The day before Monday 15 is a Sunday: on Monday at ten comes the day itself, and nothing at nine.
    expect(stageAt('2027-03-15', 2, riga)).toEqual(at('2027-03-15T08:00:00Z'));
    expect(climb('2027-03-15', 2, riga, at('2027-03-15T07:30:00Z')).send).toBeUndefined();
    expect(climb('2027-03-15', 2, riga, at('2027-03-15T08:00:00Z'))).toMatchObject({ send: { stage: 3 }, skipped: [2] });
  });

  it('passes over what is found late, and would go out on the morning of the next stage', () => {
    // Due on Monday 15; at seven on Thursday morning Wednesday's reminder would wait until nine, and Thursday's comes at ten.
    expect(climb('2027-03-15', 4, riga, at('2027-03-18T05:00:00Z'))).toEqual({
      skipped: [4, 5],
      next: { stage: 6, at: at('2027-03-18T08:00:00Z') },
    });
    expect(climb('2027-03-15', 4, riga, at('2027-03-17T14:59:00Z'))).toMatchObject({ send: { stage: 5 }, skipped: [4] });
  });

  it('is never due before it is worth looking at', () => {
    for (const zone of ['Pacific/Kiritimati', 'Europe/Riga', 'Pacific/Pago_Pago']) {
      const person = { zone, hours: { start: 0, end: 1440, days: [1, 2, 3, 4, 5, 6, 7] } };
      for (let stage = 1; stage <= LAST_STAGE; stage++) {
        expect(stageNotBefore('2027-03-28', stage).getTime()).toBeLessThanOrEqual(stageAt('2027-03-28', stage, person).getTime());
      }
    }
  });

  it('begins after the day of asking: what was past then is never sent', () => {
    expect(firstStage('2027-03-15', '2027-03-01')).toBe(1);
    expect(firstStage('2027-03-08', '2027-03-01')).toBe(2);
    expect(firstStage('2027-03-01', '2027-03-01')).toBe(4);
    expect(firstStage('2026-01-01', '2027-03-01')).toBeUndefined();
  });

  it('sends the stage that has come and goes on to the next', () => {
    expect(climb('2027-03-15', 1, riga, at('2027-03-08T07:59:59Z'))).toEqual({
      skipped: [],
      next: { stage: 1, at: at('2027-03-08T08:00:00Z') },
    });
    expect(climb('2027-03-17', 2, riga, at('2027-03-16T08:00:00Z'))).toEqual({
      send: { stage: 2, expiresAt: at('2027-03-17T08:00:00Z') },
      skipped: [],
      next: { stage: 3, at: at('2027-03-17T08:00:00Z') },
    });
  });

  it('sends only the latest one after a gap of three days', () => {
    // Due on Tuesday 16 March; stopped from Monday to Thursday noon: 1 day before, the day, +1 and +2 have come due.
    expect(climb('2027-03-16', 2, riga, at('2027-03-18T10:00:00Z'))).toEqual({
      send: { stage: 5, expiresAt: at('2027-03-19T08:00:00Z') },
      skipped: [2, 3, 4],
      next: { stage: 6, at: at('2027-03-19T08:00:00Z') },
    });
  });

  it('ends', () => {
    expect(climb('2027-03-16', LAST_STAGE, riga, at('2028-01-01T10:00:00Z'))).toMatchObject({ send: { stage: LAST_STAGE } });
    expect(climb('2027-03-16', LAST_STAGE, riga, at('2028-01-01T10:00:00Z')).next).toBeUndefined();
  });
});

describe('a typed name', () => {
  it.each([
    ['A', 'name_short'],
    ['', 'name_short'],
    ['🙂🙂🙂', 'name_short'],
    ['12345', 'name_digits'],
    ['http://evil.test', 'name_link'],
    ['www.evil.test', 'name_link'],
    ['evil.com', 'name_link'],
    ['Ana evil.ru/x', 'name_link'],
    ['mailto:ana', 'name_link'],
    ['bit.ly/abc', 'name_link'],
    ['<https://evil.test|Ana>', 'name_link'],
    ['x'.repeat(201), 'name_long'],
  ])('%s is refused', (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });

  it.each(['Jo', 'Ana Ozola', 'Āna Bērziņa-Kļava', 'రామ్ కుమార్', '李明', 'J. R. R. Tolkien', 'Anne 2nd', 'O’Brien', 'J.Bērziņš', 'A.De'])(
    '%s is taken',
    (name) => {
      expect(nameProblem(name)).toBeUndefined();
    },
  );

  it('may differ from the profile', () => {
    expect(namesDiffer('ana OZOLA', 'Ana Ozola')).toBe(false);
    expect(namesDiffer('Ben', 'Ana Ozola')).toBe(true);
  });
});

it('all pages must be opened', () => {
  expect(missingPages(4, [3, 1])).toEqual([2, 4]);
  expect(missingPages(2, [2, 1])).toEqual([]);
});

describe('the chain', () => {
  const detail: Detail = {
    salt: newSalt(),
    typedName: 'Ana',
    profileName: 'Ana Ozola',
    workspaceExternalId: 'T1',
    accountExternalId: 'U1',
    statement: 'I have read it.',
    agreement: 'I agree.',
  };
  const version = { id: 'v', sha256: 'abc' };
  const link = (seq: bigint, previousHash: string, changes: Partial<Link> = {}): Link => {
    const row = {
      organisationId: 'o',
      seq,
      id: `k${seq}`,
      assignmentId: 'a',
      versionId: 'v',
      personId: 'p',
      versionSha256: 'abc',
      platform: 'slack',
      detailDigest: digestOf(detail),
      viewedAt: at('2027-03-01T10:00:00Z'),
      consentedAt: at('2027-03-01T10:00:01Z'),
      signedAt: at('2027-03-01T10:00:01.123Z'),
      previousHash,
      ...changes,
    };
    return { ...row, hash: changes.hash ?? hashOf(row) };
  };

  it('holds, with the details erased too', () => {
    const first = link(1n, GENESIS);
    expect(checkLink(EMPTY_CHAIN, { link: first, detail }, version)).toBeUndefined();
    expect(checkLink({ seq: 1n, hash: first.hash }, { link: link(2n, first.hash), detail: null }, version)).toBeUndefined();
  });

  it('names what is broken', () => {
    expect(checkLink(EMPTY_CHAIN, { link: link(2n, GENESIS), detail }, version)).toBe('gap');
    expect(checkLink(EMPTY_CHAIN, { link: link(1n, 'f'.repeat(64)), detail }, version)).toBe('previous_hash');
    expect(checkLink(EMPTY_CHAIN, { link: { ...link(1n, GENESIS), personId: 'other' }, detail }, version)).toBe('hash');
    expect(checkLink(EMPTY_CHAIN, { link: link(1n, GENESIS), detail: { ...detail, typedName: 'Ben' } }, version)).toBe('detail');
    expect(checkLink(EMPTY_CHAIN, { link: link(1n, GENESIS), detail }, undefined)).toBe('version_missing');
    expect(checkLink(EMPTY_CHAIN, { link: link(1n, GENESIS), detail }, { sha256: 'other' })).toBe('version_hash');
    expect(versionHolds({ id: 'v', sha256: 'abc', title: 't', statement: 's', source: 'x' })).toBe(false);
  });

  it('digests tell nothing without the salt', () => {
    expect(digestOf(detail)).not.toBe(digestOf({ ...detail, salt: newSalt() }));
  });
});

it('a CSV file runs no formulas', () => {
  const text = Buffer.from(csvFile(['Name'], [['=HYPERLINK("http://x")'], ['@cmd'], ['Ana "A", B'], ['-1'], ['Līga']])).toString();
  expect(text).toBe('\ufeffName\r\n"\'=HYPERLINK(""http://x"")"\r\n\'@cmd\r\n"Ana ""A"", B"\r\n\'-1\r\nLīga\r\n');
});
