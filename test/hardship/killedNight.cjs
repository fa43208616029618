// A night with collecting in a process of its own, which kills itself with -9 when a step comes up for the n-th time:
// `node killedNight.cjs <step> <n> <instant>`. Its clock stands at that instant.
require('reflect-metadata');
const { openApp } = require('../../dist/src/app');
const { fixedClock } = require('../../dist/src/clock');
const { readConfig } = require('../../dist/src/config');
const { silentLog } = require('../../dist/src/log');

const [step, count, instant] = process.argv.slice(2);
let left = Number(count);

function reach(name) {
  if (name !== step || (left -= 1) > 0) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered at once; nothing after this line is ever run.
  for (;;);
}

function wrap({ ledger, files, store }) {
  const plain = { claim: ledger.claim.bind(ledger), publish: ledger.publish.bind(ledger), adopt: files.adopt, remove: files.remove, write: store.write.bind(store) }; // prettier-ignore
  ledger.claim = async (claim) => {
    const run = await plain.claim(claim);
    if (run !== null) reach('after the claim');
    return run;
  };
  files.adopt = async (...args) => {
    reach('before the rename');
    const file = await plain.adopt(...args);
    reach('after the rename');
    return file;
  };
  ledger.publish = async (...args) => {
    const published = await plain.publish(...args);
    reach('after the ledger row');
    return published;
  };
  files.remove = (uri) => {
    reach('before a file is removed');
    plain.remove(uri);
    reach('after a file is removed');
  };
  store.write = async (work) => {
    let done = null;
    const result = await plain.write((tx) =>
      work({
        ...tx,
        insert: async (table, ...rest) => {
          await tx.insert(table, ...rest);
          if (table !== 'snapshot') return;
          done = 'after the snapshot row';
          reach('before the snapshot is committed');
        },
        upsert: async (table, ...rest) => {
          await tx.upsert(table, ...rest);
          if (table === 'condemned_file') done = 'after files are condemned';
          if (table !== 'snapshot_tombstone') return;
          done = 'after a snapshot is deleted';
          reach('before the deletion is committed');
        },
      }),
    );
    if (done !== null) reach(done);
    return result;
  };
}

void (async () => {
  const app = await openApp(readConfig(), fixedClock(instant), silentLog);
  wrap(app);
  const { jobs, rollups } = await app.night();
  await app.close();
  process.stdout.write(JSON.stringify({ failed: [...jobs, rollups].reduce((sum, one) => sum + one.failed, 0) }));
})();
