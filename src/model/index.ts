import { activity } from './activity';
import type { Cube } from './define';
import { interactions } from './interactions';
import { posts } from './posts';

/** Every cube that is served. */
export const CUBES: readonly Cube[] = [activity, posts, interactions];

export const cubeNamed = (name: string): Cube | undefined => CUBES.find((cube) => cube.name === name);
