#!/usr/bin/env node
// The command line is compiled by `npm ci` (prepare) and by `npm start`; a checkout without dist/ is told so.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const entry = join(__dirname, '..', 'dist', 'src', 'cli', 'main.js');
if (!existsSync(entry)) {
  console.error('govblog is not built yet. Run `npm ci` (or `npm run build`) in the project folder, then try again.');
  process.exit(1);
}
require(entry);
