import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project folder, whether the code runs from `dist/` or from the sources: the nearest folder above that has package.json. */
export const PROJECT_DIR = findProjectDir(__dirname);

/** A path below the project folder, for the files that ship with it (reference tables, pages, the SDL). */
export const projectPath = (...parts: string[]): string => join(PROJECT_DIR, ...parts);

function findProjectDir(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json of govblog not found above the running file');
  return findProjectDir(parent);
}
