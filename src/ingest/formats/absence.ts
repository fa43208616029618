import type { StatusRecord } from '../records';

type Absence = Pick<StatusRecord, 'status' | 'actor'>;

/**
 * What Weibo writes in the place of a post that it does not show, from the most to the least telling phrase. Weibo's API
 * answers "permission denied" for posts that the platform withholds, and "does not exist" for those that are gone, whoever
 * removed them (Fu, Chan and Chau 2013, IEEE Internet Computing 17(3), 42-50).
 */
const PHRASES: readonly (readonly [RegExp, Absence])[] = [
  [/被作者删除|作者已?删除|已被原作者删除/, { status: 'DELETED', actor: 'AUTHOR' }],
  [/(投诉|举报|违反|违规|法律法规|社区公约|社区管理规定|管理员).*(删除|清除)/s, { status: 'DELETED', actor: 'PLATFORM' }],
  [/作者设置|用户设置|可见时间范围|展示半年内|仅展示|仅作者|作者自己可见|仅粉丝可见|转为私密/, { status: 'HIDDEN', actor: 'AUTHOR' }],
  [/多人投诉|被投诉|被举报|违反|违规|法律法规|社区公约|社区管理规定|被屏蔽|不适宜(对外)?公开|封禁|账号异常/, { status: 'HIDDEN', actor: 'PLATFORM' }],
  [/permission denied/i, { status: 'HIDDEN', actor: 'PLATFORM' }],
  [/(微博|博文|内容|文章).*(被删除|不存在)|does not exist/is, { status: 'DELETED', actor: 'UNKNOWN' }],
  [/(微博|博文|内容).*(无法查看|不可见|不予显示)|没有.*查看权限|没有权限查看/s, { status: 'HIDDEN', actor: 'UNKNOWN' }],
]; // prettier-ignore

/** Such a notice is short. What is longer is somebody's text that speaks of deleted posts. */
const LONGEST_NOTICE = 200;

/**
 * What a notice in the place of a post says: whether the post is gone or hidden, and who made it so. Null when the text is
 * no such notice. Only for what stands where an original should be, without its author: anybody may write these words.
 */
export function absenceOf(text: string): Absence | null {
  if (text.length > LONGEST_NOTICE) return null;
  return PHRASES.find(([phrase]) => phrase.test(text))?.[1] ?? null;
}
