import type { DemoAccount } from './account';
import type { Random } from './random';
import { subSector } from './subsectors';

/** What citizens write. `{p}` is the place, `{o}` the organ. */
const COMMENTS = [
  '请问{o}的窗口周末上班吗？',
  '请问这个具体怎么办理，需要带哪些材料？',
  '什么时候能有结果？等了好久了。',
  '{p}这边的情况能不能也管一管？',
  '我要投诉，打了好几次电话都没人接[怒]',
  '投诉一下，路边的噪音晚上一点还在响，没人管。',
  '问题反映一个月了，还没有答复，失望。',
  '光说不做，希望看到行动。',
  '建议把办事流程公开在网上，大家少跑路。',
  '建议多发一些和老百姓有关的消息。',
  '支持！{o}的同志辛苦了[鼓掌]',
  '给力！为{p}点个赞[good]',
  '亲，这个消息很实用，谢谢啦[微笑]',
  '有木有更详细的说明？',
  '收藏了，转给家里人看看。',
  '这样的微博才接地气。',
  '希望能坚持下去，不要成了摆设。',
  '是真的吗？求辟谣。',
  '围观[围观]',
  '路过，顶一下。',
  '能公布一下咨询电话吗？',
  '昨天去办事，工作人员态度很好，表扬一下。',
  '为什么网上查不到？',
  '信息公开得很及时，谢谢。',
] as const;

const REPLIES = [
  '您好，您反映的情况已转交{o}相关科室，有结果会第一时间告诉您。',
  '您好，工作日上午九点到下午五点可以办理，请带好身份证。',
  '谢谢支持，我们会继续努力[微笑]',
  '亲，详细说明请看我们置顶的微博哦[微笑]',
  '感谢您的建议，我们会认真研究。',
  '您好，请把具体地点和时间私信给我们，方便核实。',
  '已经安排人员到现场处理，谢谢您的提醒。',
  '抱歉让您久等了，问题正在办理中。',
  '经核实，网上的说法不属实，请不要相信。',
  '您好，可以拨打{p}的便民热线咨询。',
] as const;

export const commentText = (account: DemoAccount, random: Random): string => fill(random.pick(COMMENTS), account);
export const replyText = (account: DemoAccount, random: Random): string => `回复@网友：${fill(random.pick(REPLIES), account)}`;

const fill = (text: string, { place, attributes }: DemoAccount): string =>
  text.replace('{p}', place).replace('{o}', subSector(attributes.sector).noun);
