import type { Command } from 'commander';
import { counted } from '../counted';
import { isLoopbackName } from '../access/caller';
import { openApp, type App } from '../app';
import { systemClock } from '../clock';
import { readConfig } from '../config';
import { loadDemo, wantsDemo } from '../demo';
import type { HttpServer } from '../http/server';
import { jsonLog } from '../log';
import type { Scheduler } from '../runner/scheduler';
import { explained, toldWithAdvice } from '../runner/surroundings';
import { currentSnapshotId } from '../warehouse/snapshots';
import { progress, say } from './output';

export function serveCommand(program: Command): void {
  program
    .command('serve')
    .description('Start the server: load the demo data into an empty store, run what is due, answer questions, run the night on schedule.')
    .action(serve);
}

async function serve(): Promise<void> {
  const config = readConfig();
  // On a terminal every event would be in the way of what the server says itself.
  const log = jsonLog(config.logLevel === 'info' && process.stderr.isTTY ? 'warn' : config.logLevel);
  const app = await openApp(config, systemClock, log).catch((error: unknown) => {
    throw explained(error, config);
  });
  const { scheduler, server } = await listen(app).catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  const stop = onceStopped();
  say(`Govblog answers on ${server.address}`);
  say(`  questions  ${server.address}/          (GraphiQL)`);
  say(`  GraphQL    ${server.address}/graphql`);
  say(`  codebook   ${server.address}/codebook`);
  say(`  data       ${config.dataDir}${config.databaseUrl === '' ? '' : ' and the database'}`);
  say(`  access     ${await accessOf(app)}`);

  // The server already answers from the newest snapshot while it catches up.
  const ready = prepare(app, scheduler).then(
    (summary) => say(summary),
    (error: unknown) => say(`Catching up failed: ${toldWithAdvice(error)}`),
  );
  await stop;
  say('Stopping …');
  await server.close();
  // What is being built is broken off: the next start builds it.
  app.interrupt();
  await Promise.race([ready, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
  await app.close();
  process.exit(0);
}

async function listen(app: App): Promise<{ scheduler: Scheduler; server: HttpServer }> {
  const scheduler = app.schedule();
  try {
    return { scheduler, server: await app.serve(scheduler) };
  } catch (error) {
    await scheduler.stop();
    throw error;
  }
}

/** Loads the demo data if they are wanted, then runs what is due. */
async function prepare(app: App, scheduler: Scheduler): Promise<string> {
  const began = Date.now();
  if (await wantsDemo(app)) {
    const bar = progress('Loading the synthetic demo data', false);
    const { accepted, updated } = await loadDemo(app, undefined, (done, total) => bar.update(done, total));
    bar.stop();
    say(`Loaded ${accepted + updated} synthetic records. GOVBLOG_DEMO=off leaves them out.`);
  }
  const newest = await currentSnapshotId(app.store);
  if (newest !== null && app.config.catchUp === 'none') return `Ready: snapshot ${newest}. The next night is on schedule.`;
  // Each night that was missed, before one that builds all there is would leave nothing to them.
  if (app.config.catchUp === 'all') while (await scheduler.isBehind()) await scheduler.wake();
  if (newest !== null && app.config.schedule === 'off')
    return `Ready: snapshot ${newest}. GOVBLOG_SCHEDULE=off: \`govblog run\` builds what is due.`;
  const bar = progress('Building partitions', false);
  const { jobs, snapshot } = await app.night({ reason: 'start', onProgress: (job, done, total) => bar.update(done, total, job) });
  bar.stop();
  const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
  if (failed > 0) say(`${counted(failed, 'partition')} failed; \`govblog status\` says why.`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  return snapshot === null ? 'Nothing to publish yet: load data with `govblog ingest`.' : `Ready after ${seconds} s: snapshot ${snapshot}.`;
}

/** Who can ask, and who may steer. */
async function accessOf({ config, access }: App): Promise<string> {
  const { everAdmin, everKey } = await access.guard();
  const elsewhere = isLoopbackName(config.host) ? 'Only this machine can ask' : `Others can ask, on ${config.host}`;
  if (everAdmin) return `${elsewhere}; accounts and files need a key, changes an admin key.`;
  if (isLoopbackName(config.host))
    return `${elsewhere}, and may change everything. GOVBLOG_HOST lets others ask once there is a key: govblog keys create`;
  return `${elsewhere}${everKey ? ', accounts and files with a key' : ''}; only this machine may change anything. Make a key: govblog keys create --role admin --name "…"`;
}

const onceStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
