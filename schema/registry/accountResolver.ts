import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import {
  accountById,
  cursorOf,
  findAccounts,
  historiesOf,
  reasonsOf,
  type AccountQuestion,
  type AccountVersionView,
} from '../../src/answer/accounts';
import type { OpenSnapshot, Reader } from '../../src/answer/reader';
import type { Context } from '../context';
import { Account, AccountConnection, AccountsArgs, AccountVersion, Reason } from './accountTypes';
import { attributesView } from './views';

@Resolver(() => Account)
export class AccountResolver {
  @Query(() => AccountConnection, { description: 'The registry: accounts by their newest attributes, in the order of their ids.' })
  async accounts(
    @Args(() => AccountsArgs) { snapshot, where, search, first, after }: AccountsArgs,
    @Ctx() context: Context,
  ): Promise<AccountConnection> {
    context.demand('researcher', 'accounts');
    const open = await context.open(snapshot);
    const question: AccountQuestion = {
      first,
      ...(where && { where: where as AccountQuestion['where'] & object }),
      ...(search && { search }),
      ...(after && { after }),
    };
    const { accounts, total, hasNext } = await findAccounts(question, open, context.reader);
    return {
      edges: accounts.map((account) => ({ node: attributesView(account, open), cursor: cursorOf(account) })),
      pageInfo: { hasNextPage: hasNext, endCursor: accounts.length > 0 ? cursorOf(accounts.at(-1)!) : null },
      totalCount: total,
    };
  }

  @Query(() => Account, { nullable: true, description: 'One account by its id; null when there is none.' })
  async account(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Account | null> {
    context.demand('researcher', 'account');
    const open = await context.open();
    const account = await accountById(id, open, context.reader);
    return account && attributesView(account, open);
  }

  @FieldResolver(() => [AccountVersion], { description: 'Every version of the attributes, oldest first.' })
  async history(@Root() { key, open }: Account, @Ctx() { reader }: Context): Promise<AccountVersion[]> {
    return (await histories(open, reader).load(key)).map((version) => attributesView(version, open));
  }

  @FieldResolver(() => [Reason], { description: 'Why type, region, prefecture, sector and level are what they are.' })
  reasons(@Root() { key, open }: Account, @Ctx() { reader }: Context): Promise<Reason[]> {
    return reasonLoader(open, reader).load(key);
  }
}

const reasonLoaders = new WeakMap<OpenSnapshot, DataLoader<number, Reason[]>>();
function reasonLoader(open: OpenSnapshot, reader: Reader): DataLoader<number, Reason[]> {
  let loader = reasonLoaders.get(open);
  if (!loader) {
    loader = new DataLoader((keys) => reasonsOf(keys, open, reader), { cache: false });
    reasonLoaders.set(open, loader);
  }
  return loader;
}

/** Histories are read for all accounts of a page at once, from the snapshot that the page came from. */
const loaders = new WeakMap<OpenSnapshot, DataLoader<number, AccountVersionView[]>>();
function histories(open: OpenSnapshot, reader: Reader): DataLoader<number, AccountVersionView[]> {
  let loader = loaders.get(open);
  if (!loader) {
    loader = new DataLoader((keys) => historiesOf(keys, open, reader), { cache: false });
    loaders.set(open, loader);
  }
  return loader;
}
