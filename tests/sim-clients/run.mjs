// Runs clients that others wrote against simulated exchanges: ccxt, and the SDKs that a dialect's file names.
//
//   node run.mjs PROGRAM [DIALECT...]        (make check-sim-clients)
//
// A dialect has a file <dialect>.mjs here, which exports
//   clients   what to run with ccxt: [{ name, id, options, symbol, amount, ... }], see ccxt.mjs
//   sdks      other clients: [{ name, run: async (context) => ... }]
// Each step prints a line; the exit code is 1 when one failed.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runCcxt } from './ccxt.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [program, ...wanted] = process.argv.slice(2);
const STEP_MS = 15000;
let passed = 0, failed = 0;

// The proxies of the environment are not for 127.0.0.1.
for (const name of Object.keys(process.env)) if (/_proxy$/i.test(name)) delete process.env[name];

function start(dialect) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['sim', dialect], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
      const found = text.match(/http:\/\/127\.0\.0\.1:(\d+)/);
      const keys = [...text.matchAll(/^keys: +(\S+) {2}(.+?)(?: {2}([^( ]\S*))?(?: {2}\(.*\))?$/gm)].map((m) => ({ key: m[1], secret: m[2], passphrase: m[3] }));
      if (found && keys.length > 0 && text.endsWith('\n')) resolve({ child, port: found[1], keys });
    });
    child.on('exit', (code) => reject(new Error(`bourse sim ${dialect} ended with ${code}: ${text}`)));
  });
}

async function step(name, run) {
  let timer;
  try {
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`no answer in ${STEP_MS} ms`)), STEP_MS)));
    const result = await Promise.race([run(), late]);
    passed++;
    console.log(`ok    ${name}`);
    return result;
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${error.constructor.name} ${String(error.message).slice(0, 400)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

export function check(condition, text) {
  if (!condition) throw new Error(text);
}

async function runDialect(dialect) {
  const about = await import(pathToFileURL(join(here, `${dialect}.mjs`)).href);
  const { child, port, keys } = await start(dialect);
  child.removeAllListeners('exit');
  const context = { http: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}`, keys, check };
  for (const client of about.clients ?? [])
    await runCcxt(client, context, (name, run) => step(`${dialect}: ccxt ${client.name}: ${name}`, run));
  for (const sdk of about.sdks ?? [])
    await sdk.run(context, (name, run) => step(`${dialect}: ${sdk.name}: ${name}`, run));
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
  child.kill('SIGTERM');
  await step(`${dialect}: ends when told to`, async () => check((await ended) === 0, 'the exit code is not 0'));
}

const all = readdirSync(here).filter((f) => f.endsWith('.mjs') && f !== 'run.mjs' && f !== 'ccxt.mjs').map((f) => f.slice(0, -4)).sort();
for (const dialect of wanted.length > 0 ? wanted : all) {
  check(existsSync(join(here, `${dialect}.mjs`)), `there is no ${dialect}.mjs`);
  await runDialect(dialect);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
