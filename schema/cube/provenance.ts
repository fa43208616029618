import { Arg, Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Answer } from '../../src/answer/answer';
import { systemClock } from '../../src/clock';
import { cite, type CitationStyle as Style } from '../../src/export/citation';
import { DATASET } from '../../src/export/dataset';
import { permalinkOf } from '../../src/query/permalink';
import type { Context } from '../context';
import { CitationStyle } from '../enums';
import { Count, Day } from '../scalars';

/** What a rate was divided by. */
@ObjectType({ simpleResolvers: true, description: 'What a rate of the answer was divided by.' })
export class DenominatorView {
  @Field(() => String, { description: 'The rate.' }) measure!: string;
  @Field(() => String) indicator!: string;
  @Field(() => Int, { description: 'Year of the indicator: that of the rows, or the nearest before it that is known, or else the first.' })
  year!: number;
  @Field(() => [Int], { description: 'Years of the rows that are divided by it.' }) forYears!: number[];
  @Field(() => String) unit!: string;
  @Field(() => [String], { description: 'Where the values come from.' }) sources!: string[];
}

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
    return permalinkOf(answer.question, answer.open.snapshot.id);
  }

  @FieldResolver(() => String, { description: 'The statement that was run, over the files of the snapshot, with its parameters.' })
  sql(@Root() { answer }: Provenance): string {
    return answer.sql();
  }

  @FieldResolver(() => String, { nullable: true, description: 'The rollup that was read; null when the rows of the grain were.' })
  rollup(@Root() { answer }: Provenance): string | null {
    return answer.rollup();
  }

  @FieldResolver(() => Count, { description: 'Rows of the files that the answer was made of.' })
  rowsScanned(@Root() { answer }: Provenance): number {
    return answer.rowsScanned();
  }

  @FieldResolver(() => Float, { description: 'Milliseconds that the rows took to make; an answer that was kept took them once.' })
  milliseconds(@Root() { answer }: Provenance): Promise<number> {
    return answer.milliseconds();
  }

  @FieldResolver(() => [String], {
    description:
      'Accounts that the conditions name and the snapshot does not have: a slip, or one that was not loaded by then. They match nothing.',
  })
  unknownAccounts(@Root() { answer }: Provenance): Promise<readonly string[]> {
    return answer.unknownAccounts();
  }

  @FieldResolver(() => [DenominatorView], { description: 'What the rates of the answer were divided by; empty when it has none.' })
  denominators(@Root() { answer }: Provenance): DenominatorView[] {
    return denominatorsOf(answer);
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
    @Ctx() { address }: Context,
  ): Promise<string> {
    const { id, publishedAt, synthetic } = answer.open.snapshot;
    const { queryId, question } = answer;
    const day = citedOn ?? systemClock.now().toISOString().slice(0, 10);
    const part = `citation:${address}:${style}`;
    return answer.derived(style === 'GB_T_7714' ? `${part}:${day}` : part, async () =>
      cite(
        {
          snapshot: id,
          publishedAt,
          synthetic,
          queryId,
          resultHash: await answer.resultHash(),
          permalink: address + permalinkOf(question, id),
        },
        style,
        day,
      ),
    );
  }
}

function denominatorsOf({ plan, open }: Answer): DenominatorView[] {
  return plan.rates.flatMap(({ field, indicator, denominators }) =>
    [...new Set(denominators.map(({ knownYear }) => knownYear))].map((year) => {
      const values = open.indicators.filter((one) => one.indicator === indicator && one.year === year);
      return {
        measure: field,
        indicator,
        year,
        forYears: [...new Set(denominators.filter(({ knownYear }) => knownYear === year).map((one) => one.year))],
        unit: [...new Set(values.map(({ unit }) => unit))].join(', '),
        sources: [...new Set(values.map(({ source }) => source))],
      };
    }),
  );
}
