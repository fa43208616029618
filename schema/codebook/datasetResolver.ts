import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { OpenSnapshot } from '../../src/answer/reader';
import { GovblogError } from '../../src/errors';
import { DATASET } from '../../src/export/dataset';
import { DERIVED_ENTRIES } from '../../src/export/derivedEntries';
import { CUBES } from '../../src/model';
import { TIME_GRAINS } from '../../src/model/define';
import { OPERATORS } from '../../src/model/operators';
import { LIMITS } from '../../src/query/limits';
import { COMBINATIONS } from '../../src/query/question';
import { readIndicators, readSources } from '../../src/warehouse/members';
import type { Context } from '../context';
import { Indicator, Source } from '../registry/members';
import { sectorView } from '../registry/views';
import { AuditNote, Dataset, SnapshotInfo } from './datasetTypes';
import type { DerivedInfo } from './discoveryTypes';
import { CHOICES, cubeInfo } from './discovery';

/** Snapshots that one answer lists: some of years. */
const MOST_SNAPSHOTS = 1_000;

type OpenDataset = Dataset & { readonly open: OpenSnapshot };

@Resolver(() => Dataset)
export class DatasetResolver {
  @Query(() => Dataset, { description: 'The codebook of what is published.' })
  async dataset(@Arg('snapshot', () => ID, { nullable: true }) id: string | undefined, @Ctx() context: Context): Promise<OpenDataset> {
    const open = await context.open(id);
    const { snapshot, members, licence } = open;
    return {
      open,
      title: DATASET.title,
      description: DATASET.description,
      syntheticNote: snapshot.synthetic ? DATASET.syntheticNote : null,
      licence,
      snapshot,
      period: { from: snapshot.from, to: snapshot.watermark },
      limits: [
        ...Object.entries(LIMITS).map(([name, limit]) => ({ name, ...limit })),
        { name: 'maxScannedRows', value: context.reader.maxScannedRows, help: 'Rows of facts or rollups that a question may read.' },
        { name: 'timeoutMs', value: context.reader.timeoutMs, help: 'Milliseconds after which a question is cancelled.' },
      ],
      cubes: CUBES.map((cube) => cubeInfo(cube, open)),
      timeGrains: [...TIME_GRAINS],
      operators: Object.entries(OPERATORS).map(([name, operator]) => ({ name, ...operator })),
      combinations: [...COMBINATIONS],
      derivedFields: DERIVED_ENTRIES as unknown as DerivedInfo[],
      choices: CHOICES,
      regions: [...members.region.values()],
      sectors: [...members.sector.keys()].map((code) => sectorView(code, open)),
      levels: [...members.level.values()],
      accountTypes: [...members.accountType.values()],
      verifiedTypes: [...members.verifiedType.values()],
      contentCategories: [...members.contentCategory.values()],
      platforms: [...members.platform.values()],
    };
  }

  @FieldResolver(() => [Indicator], { description: 'Denominators by region and year, with their sources.' })
  indicators(@Root() { open }: OpenDataset, @Ctx() { reader }: Context): Promise<Indicator[]> {
    return readIndicators(reader.engine, open.snapshot, reader.files);
  }

  @FieldResolver(() => [Source], { description: 'The sources that reference figures name.' })
  sources(@Root() { open }: OpenDataset, @Ctx() { reader }: Context): Promise<Source[]> {
    return readSources(reader.engine, open.snapshot, reader.files);
  }
}

@Resolver(() => SnapshotInfo)
export class SnapshotResolver {
  @Query(() => [SnapshotInfo], { description: 'The snapshots that can be asked, cited and compared, the newest first.' })
  async snapshots(
    @Arg('first', () => Int, { defaultValue: 100, description: 'At most so many: 1 to 1,000.' }) first: number,
    @Ctx() { reader }: Context,
  ): Promise<SnapshotInfo[]> {
    if (first < 1 || first > MOST_SNAPSHOTS)
      throw new GovblogError('BAD_QUERY', `"first" is ${first}; it takes a number from 1 to ${MOST_SNAPSHOTS}.`);
    return (await reader.list()).slice(0, first);
  }

  @FieldResolver(() => [AuditNote], { description: 'What failed an audit and is in the snapshot all the same.' })
  notes(@Root() { id }: SnapshotInfo, @Ctx() { reader }: Context): Promise<AuditNote[]> {
    return reader.notes(id);
  }
}
