import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectPath } from '../../paths';
import { documentOf, type SentDocument } from './send';

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

// The packages offer these files to browsers but not to `require`: only their folder can be asked for.
const inPackage = (name: string, ...path: string[]): string => join(dirname(require.resolve(`${name}/package.json`)), ...path);

/** The files that a browser loads for GraphiQL. All come from this server: the page works without internet. */
export function readAssets(): ReadonlyMap<string, SentDocument> {
  const files: readonly (readonly [string, string, string])[] = [
    ['graphiql.min.css', STYLE, inPackage('graphiql', 'graphiql.min.css')],
    ['react.production.min.js', SCRIPT, inPackage('react', 'umd', 'react.production.min.js')],
    ['react-dom.production.min.js', SCRIPT, inPackage('react-dom', 'umd', 'react-dom.production.min.js')],
    ['graphiql.min.js', SCRIPT, inPackage('graphiql', 'graphiql.min.js')],
    ['start.js', SCRIPT, projectPath('src', 'http', 'pages', 'start.js')],
  ];
  return new Map(files.map(([name, type, path]) => [name, documentOf(type, readFileSync(path))]));
}

/** The address of an asset. It changes with the content, so that a browser may keep what it has for ever. */
export const assetUrl = (name: string, { hash }: SentDocument): string => `/assets/${name}?v=${hash}`;
