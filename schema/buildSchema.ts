import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { CUBES } from '../src/model';
import { DatasetResolver } from './codebook/datasetResolver';
import { cubeResolver } from './cube/cubeResolver';
import { ProvenanceResolver } from './cube/provenance';
import { JobResolver } from './operations/jobResolver';
import { AccountResolver } from './registry/accountResolver';

let schema: GraphQLSchema | undefined;

/** The GraphQL schema, made from the model once a process. */
export function govblogSchema(): GraphQLSchema {
  schema ??= buildSchemaSync({
    resolvers: [...CUBES.map(cubeResolver), AccountResolver, DatasetResolver, JobResolver, ProvenanceResolver] as unknown as NonEmptyArray<
      new () => object
    >,
    validate: false,
  });
  return schema;
}
