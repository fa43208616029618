/* global fetch, process, URL, URLSearchParams */
// A data loader of Observable Framework: writes the JSON that index.md shows. It runs when the site is built, so the site itself
// needs no Govblog; and it asks one snapshot for everything, so all of the page fits together.
const GOVBLOG = (process.env.GOVBLOG_URL ?? 'http://localhost:4000').replace(/\/+$/, '');

async function read(path, options) {
  const reply = await fetch(`${GOVBLOG}${path}`, options);
  const answer = await reply.json();
  const refusals = answer.errors ?? (answer.error ? [answer.error] : []);
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join(' '));
  return answer;
}

const ask = (query, variables) =>
  read('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });

const { data: about } = await ask(`{
  dataset { title syntheticNote snapshot { id from watermark } cubes { name measures { name label unit } } }
}`);
const { snapshot, title, syntheticNote, cubes } = about.dataset;
const period = { from: snapshot.from, to: snapshot.watermark };

/** Rows by plain URL, pinned to the snapshot. */
const rows = async (cube, fields) =>
  (await read(`/${cube}.json?${new URLSearchParams({ fields, ...period, snapshot: snapshot.id })}`)).rows;

const { data: cited } = await ask(
  `query Cite($period: Period!, $snapshot: ID!) {
    activity(period: $period, snapshot: $snapshot) {
      rows { month accountType accounts }
      provenance { permalink citation(style: APA) }
    }
  }`,
  { period, snapshot: snapshot.id },
);
const { permalink, citation } = cited.activity.provenance;
// The permalink is written without the server's address.
const link = new URL(permalink, GOVBLOG).href;

process.stdout.write(
  JSON.stringify({
    snapshot: snapshot.id,
    period,
    title,
    syntheticNote,
    units: Object.fromEntries(cubes.find(({ name }) => name === 'activity').measures.map(({ name, unit }) => [name, unit])),
    months: await rows('activity', 'month,accountType,accounts'),
    regions: await rows('activity', 'region,accounts,posts,postsPerAccount'),
    permalink: link,
    citation,
  }),
);
