import { setTimeout as wait } from 'node:timers/promises';
import type { Claim } from '../warehouse/ledger';
import type { RunnerTools } from './runnerTools';

/** Pause between two looks whether there is room. */
const LOOK_MS = 250;

/**
 * Claims a partition as soon as the limits of the ledger leave room for it. A run, or why there is none: another process has it
 * or has built it (`elsewhere`), the process is to stop (`cancelled`), or `mayGoOn` said no meanwhile (`left`).
 */
export async function claimInTurn(
  claim: Claim,
  { ledger, log, signal }: Pick<RunnerTools, 'ledger' | 'log' | 'signal'>,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<number | 'elsewhere' | 'cancelled' | 'left'> {
  for (let isFirst = true; ; isFirst = false) {
    const run = await ledger.claim(claim);
    if (run === null) return 'elsewhere';
    if (run !== 'full') return run;
    if (isFirst) log('partition.waiting', { job: claim.job, partition: claim.partition.key, ...ledger.limits });
    do {
      await wait(LOOK_MS);
      if (signal?.aborted) return 'cancelled';
      if (!(await mayGoOn())) return 'left';
    } while (!(await ledger.hasRoom(claim.job)));
  }
}
