import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { GovblogError } from '../../src/errors';
import type { Context } from '../context';

@ObjectType({ simpleResolvers: true, description: 'One request to change something, also one that was refused.' })
export class AuditEntry {
  @Field(() => ID) id!: number;
  @Field(() => Date) at!: Date;
  @Field(() => String, { description: 'Who asked: id and name of a key, `loopback`, `command line (user)`, or `anonymous`.' })
  caller!: string;
  @Field(() => String, { description: 'The mutation, or the command.' }) action!: string;
  @Field(() => String, { description: 'To what: an id, a job with its days, a file.' }) subject!: string;
  @Field(() => String, { nullable: true, description: 'Why, in the words of whoever asked.' }) reason!: string | null;
  @Field(() => String, { description: '`begun`, `done`, `refused: …` or `failed: …`; what stays begun was broken off with its process.' })
  outcome!: string;
}

const MOST_ENTRIES = 1_000;

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => [AuditEntry], { description: 'Who asked to change what, why, and what became of it; newest first. For admins.' })
  async auditLog(
    @Arg('first', () => Int, { defaultValue: 50, description: `At most so many entries, up to ${MOST_ENTRIES}.` }) first: number,
    @Arg('before', () => ID, { nullable: true, description: 'Entries before the one with this id: the rest of the log, page by page.' })
    before: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<AuditEntry[]> {
    context.demand('admin', 'auditLog');
    if (first < 0 || first > MOST_ENTRIES)
      throw new GovblogError('LIMIT_EXCEEDED', `auditLog gives 0 to ${MOST_ENTRIES} entries at a time; ask for the rest with "before".`);
    if (before != null && !/^\d{1,9}$/.test(before)) throw new GovblogError('BAD_QUERY', `"${before}" is no id of an entry.`);
    return context.auditLog(first, before == null ? null : Number(before));
  }
}
