// A process that is attached to an embedded server until it is ended: `tsx attached-bot.ts <data folder>`. Says its URL.
import { startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.js';
import { memoryLog } from './log.js';

const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: memoryLog() });
console.log(server.url());
process.stdin.resume();
