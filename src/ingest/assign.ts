import type { Rules } from './judge';
import type { AccountRecord } from './records';
import type { Attributes } from './versions';

/**
 * The attributes of an account record: what the source says, else what its verification code and location imply.
 * Null where neither tells. Nothing is guessed from names.
 */
export function attributesOf(record: AccountRecord, rules: Rules): Attributes {
  const place = placeOf(record.location, rules);
  const implied = record.verifiedType ? (rules.typeOfVerification.get(record.verifiedType) ?? null) : null;
  return {
    screen_name: record.screenName ?? null,
    account_type: record.accountType ?? implied,
    region: record.region ?? place.region,
    prefecture: record.prefecture ?? place.prefecture,
    sector: record.sector ?? null,
    level: record.level ?? null,
    verified: record.verified === undefined || record.verified === null ? null : Number(record.verified),
    verified_type: record.verifiedType ?? null,
    verified_reason: record.verifiedReason ?? null,
  };
}

/** Weibo writes a location as province and city, parted by a space: `北京 海淀区`, `广东 广州`. */
function placeOf(location: string | null | undefined, rules: Rules): { region: string | null; prefecture: string | null } {
  const [province = '', city = ''] = (location ?? '').trim().split(/\s+/);
  const region = rules.provinces.get(province) ?? null;
  if (region === null || city === '') return { region, prefecture: null };
  const prefecture = rules.prefectures.get(region)?.find(({ name }) => name === city || name.replace(/(市|地区|盟|自治州)$/, '') === city);
  return { region, prefecture: prefecture?.code ?? null };
}
