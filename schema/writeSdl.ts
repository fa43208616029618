import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { projectPath } from '../src/paths';
import { govblogSchema } from './buildSchema';

/** The schema as text, in an order that does not depend on the order of registration. */
export const sdl = (): string => `${printSchema(lexicographicSortSchema(govblogSchema()))}\n`;

if (require.main === module) writeFileSync(projectPath('schema', 'schema.graphql'), sdl());
