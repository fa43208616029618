// A night and the work on backfills in a process of its own, which kills itself with -9 when a step comes up for the n-th
// time: `node killedRun.cjs <step> <n> <scope>`. The scope says whose steps count: jobs, rollups or backfills.
const { existsSync } = require('node:fs');
const { setImmediate } = require('node:timers');
require('reflect-metadata');
const { openApp } = require('../../dist/src/app');
const { systemClock } = require('../../dist/src/clock');
const { readConfig } = require('../../dist/src/config');
const { silentLog } = require('../../dist/src/log');

const [step, count, scope] = process.argv.slice(2);
let left = Number(count);

/** Dies when this is the step, and its time has come. */
function reach(name) {
  if (name !== step || (left -= 1) > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered at once; nothing after this line is ever run.
  for (;;);
}

const JOBS = ['accountDay', 'posts', 'interactions'];
const scopeOf = ({ job, backfill }) => (backfill !== null ? 'backfills' : JOBS.includes(job) ? 'jobs' : 'rollups');

function wrap({ ledger, files, store }) {
  const plain = { claim: ledger.claim.bind(ledger), publish: ledger.publish.bind(ledger), adopt: files.adopt, temporary: files.temporary, stream: store.stream.bind(store), write: store.write.bind(store) }; // prettier-ignore
  let counts = false;
  const inScope = (name) => counts && reach(name);
  ledger.claim = async (claim) => {
    const run = await plain.claim(claim);
    counts = run !== null && scopeOf(claim) === scope;
    if (run !== null) inScope('after the claim');
    return run;
  };
  store.stream = async function* (...args) {
    for await (const chunk of plain.stream(...args)) {
      yield chunk;
      inScope('during the extract');
    }
  };
  files.temporary = (name) => {
    const path = plain.temporary(name);
    const look = () => {
      if (existsSync(path)) inScope('during the write');
      else setImmediate(look);
    };
    if (step === 'during the write' && counts) setImmediate(look);
    return path;
  };
  files.adopt = async (...args) => {
    inScope('before the rename');
    const file = await plain.adopt(...args);
    inScope('after the rename');
    return file;
  };
  ledger.publish = async (...args) => {
    inScope('before the ledger row');
    const published = await plain.publish(...args);
    inScope('after the ledger row');
    return published;
  };
  store.write = async (work) => {
    let isSnapshot = false;
    const result = await plain.write((tx) =>
      work({
        ...tx,
        insert: async (table, ...rest) => {
          if (table === 'snapshot_file') reach('before the snapshot row');
          await tx.insert(table, ...rest);
          if (table === 'snapshot') {
            isSnapshot = true;
            reach('before the snapshot is committed');
          }
        },
      }),
    );
    if (isSnapshot) reach('after the snapshot row');
    return result;
  };
}

void (async () => {
  const app = await openApp(readConfig(), systemClock, silentLog);
  wrap(app);
  const { jobs, rollups } = await app.night();
  const { backfills } = await app.work();
  await app.close();
  process.stdout.write(JSON.stringify({ failed: [...jobs, rollups, ...backfills].reduce((sum, one) => sum + one.failed, 0) }));
})();
