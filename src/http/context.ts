import type { Context } from '../../schema/context';
import type { Access } from '../access/access';
import { demand, type Caller } from '../access/caller';
import { answer } from '../answer/answer';
import type { AnswerCache } from '../answer/cache';
import type { OpenSnapshot, Reader } from '../answer/reader';
import type { SavedQueries } from '../answer/saved';
import { GovblogError } from '../errors';
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
}

/** Who asks, and under which address. */
export interface Asking {
  readonly caller: Caller;
  readonly origin?: string;
}

/** What one request may use. The newest snapshot is looked up once, so that all reads of the request see the same one. */
export function requestContext(
  { reader, cache, saved, operations, publicUrl, access }: ContextTools,
  { caller, origin = '' }: Asking,
): Context {
  let newest: Promise<OpenSnapshot> | undefined;
  let cubes = 0;
  return {
    reader,
    open: (snapshot) => (snapshot ? reader.open(snapshot) : (newest ??= reader.open())),
    ask: (question, open) => {
      if (readsAccounts(question)) demand(caller, 'researcher', `${question.cube} by account`);
      return answer(question, open, reader, cache);
    },
    saved,
    address: publicUrl || origin,
    operations,
    demand: (role, what) => demand(caller, role, what),
    change: (role, change, work) => access.audit.change(caller, role, change, work),
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
