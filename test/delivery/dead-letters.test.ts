import { beforeEach, expect, it } from 'vitest';
import { deliveryCounts } from '../../src/delivery/counts.js';
import { countDeadLetters, describeTrouble, listDeadLetters, sendAgain } from '../../src/delivery/dead-letters.js';
import { ChatError } from '../../src/delivery/port.js';
import type { Organisation } from '../../src/people/model.js';
import { anOrganisation, aPerson } from '../support/builders.js';
import { useDatabase } from '../support/database.js';
import { type House, house } from './house.js';

const database = useDatabase();
let organisation: Organisation;
let home: House;

beforeEach(async () => {
  await database.reset();
  organisation = await anOrganisation(database.db);
  home = house(database, organisation);
});

it('are listed for managers and can be sent again', async () => {
  const ana = await aPerson(database.db, organisation, { name: 'Ana' });
  const nobody = await aPerson(database.db, organisation, { name: 'Nobody', platform: null });
  home.slack.fail([new ChatError('unreachable', 'user_disabled')]);
  await home.send({ id: 'a', to: ana });
  home.clock.forward({ seconds: 1 });
  await home.send({ id: 'b', to: nobody });
  const worker = home.worker();
  await worker.runDue();

  const letters = await listDeadLetters(database.db, organisation.id, { limit: 10 });
  expect(letters.map(({ personName, code, detail }) => [personName, code, detail])).toEqual([
    ['Nobody', 'no_reachable_account', 'no_account'],
    ['Ana', 'no_reachable_account', 'user_disabled'],
  ]);
  expect(describeTrouble('no_reachable_account')).toMatchObject({ key: 'delivery.trouble.no_reachable_account' });
  expect(describeTrouble('something new')).toMatchObject({ key: 'delivery.trouble.unknown' });
  const [newest, oldest] = letters;
  expect(await listDeadLetters(database.db, organisation.id, { limit: 1, after: newest?.id })).toEqual([oldest]);
  expect(await countDeadLetters(database.db, organisation.id)).toBe(2);

  const stranger = await anOrganisation(database.db);
  expect(await sendAgain(database.db, stranger.id, oldest?.id ?? '', home.clock.now())).toBe(false);
  expect(await sendAgain(database.db, organisation.id, oldest?.id ?? '', home.clock.now())).toBe(true);
  expect(await sendAgain(database.db, organisation.id, oldest?.id ?? '', home.clock.now())).toBe(false);
  await worker.runDue();
  expect(home.slack.countTo(ana.externalId)).toBe(1);
  expect(await home.state('a')).toMatchObject({ state: 'sent', attempts: 1 });
  expect(await countDeadLetters(database.db, organisation.id)).toBe(1);
});

it('counts how far deliveries that belong together have come', async () => {
  const people = await Promise.all(Array.from({ length: 4 }, () => aPerson(database.db, organisation)));
  const [ana, ben, carla, dan] = people;
  home.slack.fail([new ChatError('invalid', 'invalid_blocks')], ben?.externalId);
  home.scene.unwanted.add('carla');
  const later = new Date('2027-03-02T08:00:00Z');
  for (const [id, to, dueAt] of [
    ['ana', ana],
    ['ben', ben],
    ['carla', carla],
    ['dan', dan, later],
  ] as const) {
    if (to) await home.send({ id, to, progressOf: 'card', ...(dueAt && { dueAt }) });
  }
  await home.send({ id: 'another', to: ana ?? { id: '' } });
  await home.worker().runDue();
  expect(await deliveryCounts(database.db, organisation.id, 'card')).toEqual({ total: 3, sent: 1, waiting: 1, dead: 1 });
});
