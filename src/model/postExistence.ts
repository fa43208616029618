import type { Measure } from './define';

/** What became of posts. */
export const postExistence = {
  deletedPosts: {
    kind: 'count',
    where: { column: 'deleted', is: 'true' },
    label: 'Deleted posts',
    labelZh: '已删除微博数',
    description:
      'Posts that were gone when last looked for: a source says so, or an exhaustive crawl no longer has them. Posts that nobody looked for again count as there.',
    unit: 'posts',
    source: 'DEL-01',
  },
  postsDeletedByAuthor: {
    kind: 'count',
    where: { column: 'deleted_by_author', is: 'true' },
    label: 'Posts deleted by their author',
    labelZh: '作者删除的微博数',
    description: 'Deleted posts of which the source says that the author removed them.',
    unit: 'posts',
    source: 'DEL-01',
  },
  postsDeletedByPlatform: {
    kind: 'count',
    where: { column: 'deleted_by_platform', is: 'true' },
    label: 'Posts deleted by the platform',
    labelZh: '平台删除的微博数',
    description: 'Deleted posts of which the source says that the platform removed them.',
    unit: 'posts',
    source: 'DEL-01',
  },
  deletedShare: {
    kind: 'ratio',
    numerator: 'deletedPosts',
    denominator: 'posts',
    label: 'Deleted share',
    labelZh: '删除率',
    description: 'Deleted posts divided by posts.',
    unit: 'share',
    source: 'DEL-01',
  },
  hiddenPosts: {
    kind: 'count',
    where: { column: 'hidden', is: 'true' },
    label: 'Hidden posts',
    labelZh: '不可见微博数',
    description: 'Posts that still exist but are no longer shown to everyone.',
    unit: 'posts',
    source: 'DEL-01',
  },
} as const satisfies Record<string, Measure>;
