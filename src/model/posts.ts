import { defineCube } from './define';
import { BY_ACCOUNT, conformed } from './dimensions';
import { postCounts } from './postCounts';
import { postExistence } from './postExistence';
import { postReach } from './postReach';
import { postSpread } from './postSpread';
import { postTimes } from './postTimes';
import { postSurvival } from './postSurvival';
import { postTexts } from './postTexts';

export const posts = defineCube({
  name: 'posts',
  label: 'Posts',
  labelZh: '微博',
  description: 'Every post with the counters of its last observation.',
  grain: 'one row per post',
  fact: 'posts',
  rollups: BY_ACCOUNT,
  dimensions: {
    ...conformed,
    weekday: {
      label: 'Weekday',
      labelZh: '星期',
      description: 'ISO weekday of the local day, 1 Monday to 7 Sunday.',
      column: 'weekday',
      type: 'integer',
    },
    hour: {
      label: 'Hour',
      labelZh: '小时',
      description: 'Local hour of publication, 0 to 23.',
      column: 'hour',
      type: 'integer',
    },
    contentCategory: {
      label: 'Content category',
      labelZh: '内容类别',
      description:
        'Kind of content by the rules of content_rules.csv, the first that fits; OTHER where none does. Not validated by hand coding.',
      column: 'content_category',
      type: 'text',
      members: 'contentCategory',
      source: 'CONT-01',
    },
  },
  conditions: {
    text: {
      label: 'Text',
      labelZh: '正文',
      description: 'Text of the post; `contains` looks for it in any case.',
      column: 'text',
      type: 'text',
    },
    reposts: {
      label: 'Reposts',
      labelZh: '转发数',
      description: 'Reposts of the post, at its last observation.',
      column: 'reposts',
      type: 'integer',
    },
    comments: {
      label: 'Comments',
      labelZh: '评论数',
      description: 'Comments of the post, at its last observation.',
      column: 'comments',
      type: 'integer',
    },
    likes: {
      label: 'Likes',
      labelZh: '点赞数',
      description: 'Likes of the post, at its last observation.',
      column: 'likes',
      type: 'integer',
    },
    followers: {
      label: 'Followers',
      labelZh: '粉丝数',
      description: 'Followers of the author, as last observed by the day of the post: only posts within the bounds count.',
      column: 'followers',
      type: 'integer',
    },
    characters: { label: 'Characters', labelZh: '字数', description: 'Characters of the text.', column: 'text_length', type: 'integer' },
  },
  measures: { ...postCounts, ...postExistence, ...postSurvival, ...postTexts, ...postSpread, ...postReach, ...postTimes },
});
