import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { CUBES } from '../src/model';
import { DatasetResolver, SnapshotResolver } from './codebook/datasetResolver';
import { DimensionResolver } from './codebook/discovery';
import { cubeResolver } from './cube/cubeResolver';
import { ProvenanceResolver } from './cube/provenance';
import { addLevels, Level } from './enums';
import { SnapshotDiffResolver } from './operations/diffResolver';
import { AuditResolver } from './operations/auditResolver';
import { BackfillResolver } from './operations/backfillResolver';
import { JobResolver } from './operations/jobResolver';
import { FailedPartitionResolver, FindingResolver, RunResolver } from './operations/runResolver';
import { AccountResolver } from './registry/accountResolver';
import { SavedQueryResolver } from './saved/savedResolver';

const made = new Map<string, GraphQLSchema>();

/** The GraphQL schema, made from the model, once a process for the levels there are. */
export function govblogSchema(ownLevels: readonly string[] = []): GraphQLSchema {
  addLevels(ownLevels);
  const known = made.get(Object.keys(Level).join());
  if (known) return known;
  const schema = buildSchemaSync({
    resolvers: [
      ...CUBES.flatMap(cubeResolver),
      AccountResolver,
      AuditResolver,
      BackfillResolver,
      DatasetResolver,
      DimensionResolver,
      SnapshotResolver,
      SnapshotDiffResolver,
      FindingResolver,
      JobResolver,
      RunResolver,
      FailedPartitionResolver,
      ProvenanceResolver,
      SavedQueryResolver,
    ] as unknown as NonEmptyArray<new () => object>,
    validate: false,
  });
  made.set(Object.keys(Level).join(), schema);
  return schema;
}
