// A collection as a process of its own: data folder, database URL, present moment. It says when it begins.
const { openStore } = require('../../dist/src/store/open.js');
const { openFiles } = require('../../dist/src/warehouse/files.js');
const { collect } = require('../../dist/src/warehouse/collect.js');

const [, , dataDir, databaseUrl, now] = process.argv;
(async () => {
  const store = await openStore({ dataDir, databaseUrl });
  const files = openFiles(dataDir);
  process.stdout.write('begins\n');
  await collect(store, files, { keepDays: 30, zone: 'Asia/Shanghai', graceHours: 24, now: new Date(now), by: 'a child', apply: true });
  await store.close();
})();
