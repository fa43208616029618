import type { DocumentFormat, Shape } from '../shape';
import * as weiboCrawler from './weiboCrawler';
import * as weiboSearch from './weiboSearch';
import * as weiboSpider from './weiboSpider';

export const SHAPES: readonly Shape[] = [...weiboSearch.SHAPES, ...weiboCrawler.SHAPES, ...weiboSpider.SHAPES];
export const DOCUMENTS: readonly DocumentFormat[] = [...weiboCrawler.DOCUMENTS, ...weiboSpider.DOCUMENTS];

/** Files of one account each, which is named by the file and by no column. */
export const OF_ONE_ACCOUNT: ReadonlySet<Shape> = new Set([weiboCrawler.POSTS_CSV, weiboSpider.POSTS_CSV]);
