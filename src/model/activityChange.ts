import type { Measure } from './define';

/** How the audience of accounts changes, how old accounts are, and how much they write to others. */
export const activityChange = {
  followerChange: {
    kind: 'sum',
    column: 'follower_change',
    signed: true,
    label: 'Net follower change',
    labelZh: '粉丝净增数',
    description:
      'Followers of each day less those of the day before, account by account, each as last observed by then: days add up to months, and a loss is negative. Null before a second day is known; an account that nobody had looked at adds nothing on its first number. Followers who came and went between two observations are not seen.',
    unit: 'followers',
    source: 'REACH-02',
  },
  accountsOfKnownAge: {
    kind: 'stock',
    where: [{ column: 'days_since_opening', is: '>=', value: 0 }],
    label: 'Accounts of known age',
    labelZh: '开通日期已知的账号数',
    description: 'Accounts open at the end of the bucket whose opening day is known and has come.',
    unit: 'accounts',
    source: 'ACT-09',
  },
  accountAgeDays: {
    kind: 'stock',
    column: 'days_since_opening',
    label: 'Account age in days, summed',
    labelZh: '账号年龄合计（天）',
    description: 'Days from the opening of each account to the end of the bucket, summed over the accounts whose opening day is known.',
    unit: 'account-days',
    source: 'ACT-09',
  },
  meanAccountAgeDays: {
    kind: 'ratio',
    numerator: 'accountAgeDays',
    denominator: 'accountsOfKnownAge',
    label: 'Mean account age',
    labelZh: '平均账号年龄',
    description:
      'Days from opening to the end of the bucket, over the accounts whose opening day is known. The day on which an account was first observed is not taken for its opening.',
    unit: 'days',
    source: 'ACT-09',
  },
  messages: {
    kind: 'sum',
    column: 'messages',
    label: 'Posts and replies',
    labelZh: '发文与回复数',
    description:
      'Posts and replies together, on the account-days for which both are known: null where no comments were collected for the platform.',
    unit: 'messages',
    source: 'RESP-06',
  },
  messagesToOthers: {
    kind: 'sum',
    column: 'messages_to_others',
    label: 'Messages to others',
    labelZh: '面向他人的发文与回复数',
    description:
      'Replies, and original posts that mention somebody with @, on the account-days for which posts and replies are known. Whether who is mentioned is a citizen cannot be told from the name.',
    unit: 'messages',
    source: 'RESP-06',
  },
  twoWayRatio: {
    kind: 'ratio',
    numerator: 'messagesToOthers',
    denominator: 'messages',
    label: 'Two-way ratio',
    labelZh: '双向互动率',
    description: 'Replies, and original posts that mention somebody, divided by all posts and replies.',
    unit: 'share',
    source: 'RESP-06',
  },
} as const satisfies Record<string, Measure>;
