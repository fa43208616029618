import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { systemClock } from '../../src/clock';
import { cite, type CitationStyle as Style } from '../../src/export/citation';
import { citedOf, savedPath, savedText, savedTitle } from '../../src/export/savedQuery';
import { permalinkOf } from '../../src/query/permalink';
import type { SavedQuery as Saved } from '../../src/warehouse/savedQueries';
import type { Context } from '../context';
import { CitationStyle } from '../enums';
import { Day } from '../scalars';
import { SavedQuery } from './savedTypes';

type SeenQuery = SavedQuery & { readonly saved: Saved };

@Resolver(() => SavedQuery)
export class SavedQueryResolver {
  @Query(() => SavedQuery, { description: 'A saved question, on the snapshot that it was saved with.' })
  async savedQuery(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<SeenQuery> {
    return view(await context.saved.find(id));
  }

  @Mutation(() => SavedQuery, {
    description: 'Saves a question with its snapshot and the hash of its rows. The same question on the same snapshot is saved once, under the words of the first.',
  }) // prettier-ignore
  async saveQuery(
    @Arg('permalink', () => String, {
      description: 'As `provenance { permalink }` gives it, or any plain URL. Without a snapshot it is pinned to the newest.',
    })
    permalink: string,
    @Arg('title', () => String, { nullable: true, description: 'What it shall be called in citations: 200 characters at most.' })
    title: string | undefined,
    @Arg('by', () => String, { nullable: true, description: 'Who saves it: 80 characters at most.' }) by: string | undefined,
    @Ctx() context: Context,
  ): Promise<SeenQuery> {
    context.countCube();
    const change = { action: 'saveQuery', subject: permalink, reason: title };
    return view(await context.change('researcher', change, () => context.saved.save({ permalink, title, by })));
  }

  @FieldResolver(() => Boolean, { description: 'Runs it again, on its snapshot: true when the rows have the hash that they had.' })
  async verified(@Root() { saved }: SeenQuery, @Ctx() context: Context): Promise<boolean> {
    context.countCube();
    return (await context.saved.verify(saved)).verified;
  }

  @FieldResolver(() => String, { description: 'A citation that leads to its page.' })
  async citation(
    @Root() { saved }: SeenQuery,
    @Arg('style', () => CitationStyle, { defaultValue: CitationStyle.APA }) style: Style,
    @Arg('citedOn', () => Day, { nullable: true, description: 'Day on which it was read, which GB_T_7714 alone states; today (UTC) unless given.' }) // prettier-ignore
    citedOn: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<string> {
    const { snapshot } = await context.open(saved.snapshot);
    return cite(
      citedOf(saved, snapshot, context.address + savedPath(saved.id)),
      style,
      citedOn ?? systemClock.now().toISOString().slice(0, 10),
    );
  }
}

const view = (saved: Saved): SeenQuery => ({
  saved,
  id: saved.id,
  snapshot: saved.snapshot,
  resultHash: saved.resultHash,
  text: savedText(saved),
  question: JSON.stringify(saved.question),
  title: savedTitle(saved),
  savedAt: saved.savedAt,
  savedBy: saved.savedBy,
  url: savedPath(saved.id),
  permalink: permalinkOf(saved.question, saved.snapshot),
});
