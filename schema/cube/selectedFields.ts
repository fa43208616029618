import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Names of the fields selected below a path of the current field, in order and once each. Follows fragments, obeys
 * @skip and @include with literals and variables, sees through aliases, merges repeated fields, ignores __typename.
 */
export function selectedFields(info: GraphQLResolveInfo, ...path: readonly string[]): string[] {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) nodes = nodes.flatMap((node) => fieldsIn(node.selectionSet, info)).filter((node) => node.name.value === name);
  const names = nodes.flatMap((node) => fieldsIn(node.selectionSet, info)).map((node) => node.name.value);
  return [...new Set(names)].filter((name) => !name.startsWith('__'));
}

/** Nodes selected below a path, as they are written: for fields whose arguments matter. */
export function selectedNodes(info: GraphQLResolveInfo, ...path: readonly string[]): FieldNode[] {
  let nodes: readonly FieldNode[] = info.fieldNodes;
  for (const name of path) nodes = nodes.flatMap((node) => fieldsIn(node.selectionSet, info)).filter((node) => node.name.value === name);
  return nodes.flatMap((node) => fieldsIn(node.selectionSet, info));
}

/** Names of the fields selected directly below a node. */
export const namesIn = (node: FieldNode, info: GraphQLResolveInfo): string[] =>
  [...new Set(fieldsIn(node.selectionSet, info).map((one) => one.name.value))].filter((name) => !name.startsWith('__'));

function fieldsIn(set: SelectionSetNode | undefined, info: GraphQLResolveInfo): FieldNode[] {
  return (set?.selections ?? [])
    .filter((node) => isIncluded(node, info))
    .flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      return fieldsIn(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : info.fragments[node.name.value]?.selectionSet, info);
    });
}

function isIncluded(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.['if'] !== false;
}
