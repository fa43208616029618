import { Arg, FieldResolver, Float, ID, ObjectType, Resolver, Root } from 'type-graphql';
import type { Answer } from '../../src/answer/answer';
import { systemClock } from '../../src/clock';
import { cite, type CitationStyle as Style } from '../../src/export/citation';
import { DATASET } from '../../src/export/dataset';
import { toSearch } from '../../src/query/permalink';
import { CitationStyle } from '../enums';
import { Day } from '../scalars';

/** Where the numbers of an answer come from: what is needed to trust, repeat and cite them. */
@ObjectType({ description: 'Where the numbers come from: what is needed to trust, repeat and cite them.' })
export class Provenance {
  answer!: Answer;
}

@Resolver(() => Provenance)
export class ProvenanceResolver {
  @FieldResolver(() => ID, {
    description: 'The frozen set of files that was asked. The same question on the same snapshot gives the same bytes.',
  })
  snapshot(@Root() { answer }: Provenance): string {
    return answer.open.snapshot.id;
  }

  @FieldResolver(() => ID, { description: 'Hash of the question in canonical form and the snapshot.' })
  queryId(@Root() { answer }: Provenance): string {
    return answer.queryId;
  }

  @FieldResolver(() => String, { description: 'sha256 of the rows as canonical JSON: equal hashes prove equal answers.' })
  resultHash(@Root() { answer }: Provenance): Promise<string> {
    return answer.resultHash();
  }

  @FieldResolver(() => String, { description: 'Address of the same rows on this server, pinned to the snapshot.' })
  permalink(@Root() { answer }: Provenance): string {
    return permalinkOf(answer);
  }

  @FieldResolver(() => String, { description: 'The statement that was run, over the files of the snapshot, with its parameters.' })
  sql(@Root() { answer }: Provenance): string {
    return answer.sql();
  }

  @FieldResolver(() => String, { nullable: true, description: 'The rollup that was read; null when the rows of the grain were.' })
  rollup(@Root() { answer }: Provenance): string | null {
    return answer.rollup;
  }

  @FieldResolver(() => Day, { description: 'Last day with no hole before it; a period that goes further ends here.' })
  watermark(@Root() { answer }: Provenance): string {
    return answer.open.snapshot.watermark;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Share of the account-days in question that a crawl observed. Null in the cubes `posts` and `interactions`, whose rows exist only when observed.',
  })
  async coverage(@Root() { answer }: Provenance): Promise<number | null> {
    if (!('coverage' in answer.cube.measures)) return null;
    return (await answer.totals(['coverage']))['coverage'] as number | null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Says so when the snapshot holds generated data; null when all of it was observed.',
  })
  synthetic(@Root() { answer }: Provenance): string | null {
    return answer.open.snapshot.synthetic ? DATASET.syntheticNote : null;
  }

  @FieldResolver(() => String, { description: 'A citation of this answer.' })
  async citation(
    @Root() { answer }: Provenance,
    @Arg('style', () => CitationStyle, { defaultValue: CitationStyle.APA }) style: Style,
    @Arg('citedOn', () => Day, {
      nullable: true,
      description: 'Day on which the answer was read, which GB_T_7714 alone states; today (UTC) unless given.',
    })
    citedOn: string | null | undefined,
  ): Promise<string> {
    const { id, publishedAt, synthetic } = answer.open.snapshot;
    const { queryId } = answer;
    const day = citedOn ?? systemClock.now().toISOString().slice(0, 10);
    return answer.derived(style === 'GB_T_7714' ? `citation:${style}:${day}` : `citation:${style}`, async () =>
      cite(
        { snapshot: id, publishedAt, synthetic, queryId, resultHash: await answer.resultHash(), permalink: permalinkOf(answer) },
        style,
        day,
      ),
    );
  }
}

const permalinkOf = ({ question, open }: Answer): string => `/${question.cube}.json?${toSearch(question, open.snapshot.id)}`;
