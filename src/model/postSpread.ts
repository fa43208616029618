import type { Measure } from './define';

/** How the posts of a group are spread over kinds of content, and over what they received. */
export const postSpread = {
  contentEntropy: {
    kind: 'entropy',
    column: 'content_category',
    label: 'Content entropy',
    labelZh: '内容熵',
    description:
      'How evenly the posts spread over the content categories, OTHER among them: -Σ p ln p, 0 when all are of one category, the logarithm of the number of categories when they are equally frequent.',
    unit: 'nats',
    source: 'CONT-02',
  },
  hIndexReposts: {
    kind: 'hIndex',
    column: 'reposts',
    label: 'H-index of reposts',
    labelZh: '转发h指数',
    description:
      'The largest h such that h of the posts have at least h reposts each, at their last observation. It grows with the number of posts: compare groups of like size, or single accounts.',
    unit: 'posts',
    source: 'ENG-H',
  },
  hIndexComments: {
    kind: 'hIndex',
    column: 'comments',
    label: 'H-index of comments',
    labelZh: '评论h指数',
    description:
      'The largest h such that h of the posts have at least h comments each, at their last observation. It grows with the number of posts: compare groups of like size, or single accounts.',
    unit: 'posts',
    source: 'ENG-H',
  },
} as const satisfies Record<string, Measure>;
