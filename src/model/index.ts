import { activity } from './activity';
import type { Cube } from './define';
import { posts } from './posts';

/** Every cube that is served. */
export const CUBES: readonly Cube[] = [activity, posts];

export const cubeNamed = (name: string): Cube | undefined => CUBES.find((cube) => cube.name === name);
