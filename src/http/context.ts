import type { Context } from '../../schema/context';
import type { Access } from '../access/access';
import { demand, type Caller } from '../access/caller';
import { answer, type Answer } from '../answer/answer';
import type { AnswerCache } from '../answer/cache';
import type { OpenSnapshot, Reader } from '../answer/reader';
import type { SavedQueries } from '../answer/saved';
import { GovblogError } from '../errors';
import type { Histogram } from '../export/prometheus';
import { readsAccounts } from '../query/accountLevel';
import { LIMITS } from '../query/limits';
import type { Operations } from '../runner/operations';

export interface ContextTools {
  readonly reader: Reader;
  readonly cache: AnswerCache | null;
  readonly saved: SavedQueries;
  /** Address of this server as others know it; empty: that of each request. */
  readonly publicUrl: string;
  readonly operations: Operations;
  readonly access: Access;
  /** How long rows take, by cube and door. */
  readonly latencies?: Histogram;
}

/** Who asks, and under which address. */
export interface Asking {
  readonly caller: Caller;
  /** By what door it was asked: `graphql`, or the form of a plain URL. */
  readonly door?: string;
  readonly origin?: string;
}

/** What one request may use. The newest snapshot is looked up once, so that all reads of the request see the same one. */
export function requestContext(
  { reader, cache, saved, operations, publicUrl, access, latencies }: ContextTools,
  { caller, door = 'command line', origin = '' }: Asking,
): Context {
  let newest: Promise<OpenSnapshot> | undefined;
  let cubes = 0;
  return {
    reader,
    open: (snapshot) => (snapshot ? reader.open(snapshot) : (newest ??= reader.open())),
    ask: (question, open) => {
      if (readsAccounts(question)) demand(caller, 'researcher', `${question.cube} by account`);
      const answered = answer(question, open, reader, cache);
      return latencies ? timed(answered, (seconds) => latencies.observe({ cube: answered.cube.name, door }, seconds)) : answered;
    },
    saved,
    address: publicUrl || origin,
    operations,
    demand: (role, what) => demand(caller, role, what),
    change: (role, change, work, outcomeOf) => access.audit.change(caller, role, change, work, outcomeOf),
    auditLog: (first, before) => access.audit.list(first, before),
    countCube: () => {
      cubes += 1;
      if (cubes > LIMITS.maxCubesPerRequest.value)
        throw new GovblogError(
          'LIMIT_EXCEEDED',
          `A document may ask ${LIMITS.maxCubesPerRequest.value} cube fields; send the rest in another request.`,
        );
    },
  };
}

/** The answer, which tells how long its rows took: also when they were in memory, and not when they failed. */
function timed(answered: Answer, observe: (seconds: number) => void): Answer {
  return {
    ...answered,
    rows: async () => {
      const began = performance.now();
      const rows = await answered.rows();
      observe((performance.now() - began) / 1000);
      return rows;
    },
  };
}
