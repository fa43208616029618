import { serveTwoSnapshots, type Served } from '../http/published';

let served: Served;
beforeAll(async () => {
  served = await serveTwoSnapshots();
});
afterAll(() => served.test_.close());

test('whoever has no command line finds the snapshots that a question may be pinned to and compared with', async () => {
  const { graphql } = served.test_;
  const { data } = await graphql<{ snapshots: { id: string; from: string; watermark: string; synthetic: boolean }[] }>(
    '{ snapshots { id from watermark synthetic } }',
  );
  expect(data.snapshots.map(({ id }) => id)).toEqual([served.newest, served.older]);
  const newest = await graphql<{ dataset: { snapshot: object } }>('{ dataset { snapshot { id from watermark synthetic } } }');
  expect(data.snapshots[0]).toEqual(newest.data.dataset.snapshot);
  const [to, from] = data.snapshots;
  const notice = await graphql(`{ snapshotDiff(from: "${from!.id}", to: "${to!.id}", cube: "posts", by: ["month"]) { total } }`);
  expect(notice.errors).toBeUndefined();
  expect(await graphql('{ snapshots(first: 1) { id } }')).toEqual({ data: { snapshots: [{ id: served.newest }] } });
});

test('how many is a number from 1 to 1,000; a snapshot that there is not is answered with where they are listed', async () => {
  for (const first of [0, 1_001])
    expect((await served.test_.graphql(`{ snapshots(first: ${first}) { id } }`)).errors).toMatchObject([
      { message: `"first" is ${first}; it takes a number from 1 to 1000.`, extensions: { code: 'BAD_QUERY' } },
    ]);
  expect((await served.test_.graphql('{ dataset(snapshot: "nope") { title } }')).errors).toMatchObject([
    { message: 'There is no snapshot "nope". `{ snapshots { id } }` and `govblog snapshots list` name them.' },
  ]);
});
