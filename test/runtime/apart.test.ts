import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApart, Killed } from '../../src/runtime/apart.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apart-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** A program that does this with its one message. */
async function program(body: string) {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  await writeFile(file, `process.once('message', (task) => { ${body} });`);
  return createApart(pathToFileURL(file).href, 'It was not drawn');
}

describe('a program apart', () => {
  it('answers, knowing nothing of the bot’s environment', async () => {
    const apart = await program(`process.send({ task, keys: Object.keys(process.env) }, () => process.disconnect());`);
    process.env.A_SECRET_OF_THE_BOT = 'x';
    const answer = await apart.run({ bytes: new Uint8Array([1, 2]) });
    delete process.env.A_SECRET_OF_THE_BOT;
    expect(answer).toMatchObject({ task: { bytes: new Uint8Array([1, 2]) } });
    expect((answer as { keys: string[] }).keys).not.toContain('A_SECRET_OF_THE_BOT');
  });

  it('says whether it failed or was ended, and the next task is done', async () => {
    const apart = await program(
      `if (task.end) process.kill(process.pid, 'SIGKILL'); else if (task.fail) throw new Error('No paint.'); else process.send(1, () => process.disconnect());`,
    );
    const [ended, failed, done] = await Promise.allSettled([apart.run({ end: true }), apart.run({ fail: true }), apart.run({})]);
    expect(ended).toMatchObject({ status: 'rejected', reason: expect.any(Killed) });
    expect(failed).toMatchObject({ status: 'rejected', reason: expect.not.objectContaining({ constructor: Killed }) });
    expect(String((failed as PromiseRejectedResult).reason)).toMatch(/It was not drawn \(1\).*No paint/s);
    expect(done).toEqual({ status: 'fulfilled', value: 1 });
  });

  it('runs one task after another', async () => {
    const apart = await program(`const at = Date.now(); setTimeout(() => process.send([at, Date.now()], () => process.disconnect()), 80);`);
    const [first, second] = (await Promise.all([apart.run({}), apart.run({})])) as [[number, number], [number, number]];
    expect(second[0]).toBeGreaterThanOrEqual(first[1]);
  });
});
