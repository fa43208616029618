// `npm start` after a change of the sources builds first; otherwise it starts at once (a compiler that finds nothing to do takes seconds).
const { spawnSync } = require('node:child_process');
const { readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const built = statSync(join(root, 'dist', '.tsbuildinfo'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = ['src', 'schema', 'jobs', 'seeds', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).flatMap((name) => (name.endsWith('.ts') ? [join(root, folder, name)] : [])),
);
const stale = [...sources, join(root, 'tsconfig.build.json')].some((file) => statSync(file).mtimeMs > built);
if (stale) process.exit(spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' }).status ?? 1);
