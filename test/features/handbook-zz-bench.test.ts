import { it } from 'vitest';
import { useDatabase } from '../support/database.js';
import { testBot } from '../support/test-bot.js';
import { newSalt } from '../../src/features/handbook/chain.js';
import { sign } from '../../src/features/handbook/store-reading.js';
import { handbookSweeps } from '../../src/features/handbook/sweeps.js';
import { createJobRunner } from '../../src/delivery/jobs.js';
import { createRegistry } from '../../src/core/registry.js';
import { handbook, verifyChain } from '../../src/features/handbook/index.js';
import { parseDocument } from '../../src/features/handbook/markdown.js';
import { paginate } from '../../src/features/handbook/pages.js';
const database = useDatabase({ poolSize: 10 });
it('bench', async () => {
  const t = async <T>(name: string, act: () => Promise<T>) => { const s = performance.now(); const r = await act(); console.log(name, Math.round(performance.now() - s), 'ms'); return r; };
  const one = '## Heading here\n\nSome text with **bold** words and a [link](https://x.test/a). It goes on for a while so that it is a paragraph.\n\n- item one\n- item two\n\n';
  await t('parse 1MB', async () => paginate(parseDocument(one.repeat(900) + 'text '.repeat(170000)).clauses).length);
  for (const [n, s] of [['[', '['.repeat(1e6)], ['> ', '> '.repeat(5e4)+'x'], ['*a', '*a'.repeat(1e5)], ['![a](', '![a]('.repeat(3e4)], ['- nest', Array.from({length:400},(_, i)=>'  '.repeat(i)+'- x').join('\n')], ['_a*', '_a*b'.repeat(3e4)]] as const) await t(`parse ${n}`, async () => { try { return paginate(parseDocument(s + ' xx').clauses).length; } catch (e) { return (e as Error).message; } });
  const bot = await testBot({ now: '2027-03-01T09:00:00Z', database });
  const boss = await bot.person({ name: 'Boss', role: 'manager', zone: 'Europe/Riga' });
  const workspace = await database.db.workspace.findFirstOrThrow();
  await database.pool.query(`INSERT INTO person ("organisationId", id, name, "joinedAt") SELECT $1, gen_random_uuid(), 'P' || n, now() FROM generate_series(1, 10000) n`, [bot.organisation.id]);
  await database.pool.query(`INSERT INTO account ("organisationId", id, "workspaceId", "personId", "externalId", name, "seenAt") SELECT "organisationId", gen_random_uuid(), $2, id, 'U' || name, name, now() FROM person WHERE "organisationId" = $1 AND name ~ '^P[0-9]'`, [bot.organisation.id, workspace.id]);
  await database.pool.query('ANALYZE');
  const opened = await bot.as(boss).command('handbook publish');
  const draft = await t('submit', () => bot.as(boss).submit(opened, { title: 'Rules', text: 'Smile.', audience: 'everyone', effective: '2027-03-01', due: '2027-03-15', statement: 'I will.' }));
  await t('click publish 10k', () => bot.as(boss).click('handbook.publish', draft));
  const registry = createRegistry([handbook]);
  const jobs = createJobRunner({ work: bot.work, registry, processId: 'x' });
  await t('fan-out 10k', () => jobs.runDue());
  console.log(await database.db.delivery.count());
  const context = { ...bot.work, organisation: bot.organisation };
  for (const sweep of handbookSweeps) await t(`idle ${sweep.id}`, () => sweep.run(context));
  await database.pool.query(`UPDATE handbook_assignment SET "pagesOpened" = '{1}', "lastViewedAt" = now()`);
  const open = await database.db.assignment.findMany({ take: 1000 });
  const now = bot.clock.now();
  const detail = { salt: newSalt(), typedName: 'Ana', profileName: 'Ana', workspaceExternalId: 'T', accountExternalId: 'U', agreement: 'Yes.' };
  await t('1000 sign', () => Promise.all(open.map((row) => sign(database.db, { organisationId: bot.organisation.id, assignmentId: row.id, personId: row.personId, platform: 'slack', consentedAt: now, detail }, () => now))));
  console.log(await t('verify', () => verifyChain(database.db, bot.organisation.id)));
  const version = await database.db.documentVersion.findFirstOrThrow();
  // 90,000 more requests of other versions of ten documents, same people
  for (let n = 0; n < 9; n++) {
    await database.pool.query(`WITH d AS (INSERT INTO handbook_document SELECT "organisationId", gen_random_uuid(), now(), "createdById" FROM handbook_document LIMIT 1 RETURNING *),
     v AS (INSERT INTO handbook_version ("organisationId", id, "documentId", number, state, title, source, sha256, statement, "audienceKind", "effectiveOn", "dueOn", "pageCount", "readingMinutes", "createdAt", "createdById", "publishedAt", "publishedById", "askedCount")
       SELECT x."organisationId", gen_random_uuid(), d.id, 1, 'published', x.title, x.source, x.sha256, x.statement, x."audienceKind", x."effectiveOn", x."dueOn", 1, 1, now(), x."createdById", now(), x."createdById", 10000 FROM handbook_version x, d WHERE x.id = '${version.id}' RETURNING *)
     INSERT INTO handbook_assignment ("organisationId", id, "versionId", "personId", "dueOn", "askedAt", "nextStage", "nextStageAt") SELECT p."organisationId", gen_random_uuid(), v.id, p.id, '2027-03-15', now(), 1, '2027-03-07T20:00Z' FROM person p, v`);
  }
  await database.pool.query('ANALYZE');
  bot.clock.to('2027-03-07T22:00:00Z');
  await t('ladder refine 99k', () => handbookSweeps[1]!.run(context));
  bot.clock.to('2027-03-08T10:00:00Z');
  await t('ladder send 99k', () => handbookSweeps[1]!.run(context));
  await t('ladder idle', () => handbookSweeps[1]!.run(context));
  await t('audience idle 10 versions x 10k', () => handbookSweeps[0]!.run(context));
  await t('overdue idle', () => handbookSweeps[2]!.run(context));
  await t('status', () => bot.as(boss).command('handbook status'));
}, 300_000);
