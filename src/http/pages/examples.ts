import { Kind, parse, valueFromASTUntyped } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../../paths';

/** A tab of GraphiQL. */
export interface Example {
  readonly query: string;
  /** The variables with their defaults, as JSON: what a reader may change. */
  readonly variables: string;
}

/** The example questions that ship with the project, in the order of their file names. */
export function readExamples(folder = projectPath('seeds', 'examples')): Example[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => exampleOf(readFileSync(join(folder, name), 'utf8')));
}

function exampleOf(query: string): Example {
  const defaults = parse(query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? (definition.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
          variable.name.value,
          defaultValue ? valueFromASTUntyped(defaultValue) : null,
        ])
      : [],
  );
  return { query, variables: defaults.length === 0 ? '' : JSON.stringify(Object.fromEntries(defaults), null, 2) };
}
