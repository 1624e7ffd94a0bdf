/** The primary language of a BCP 47 tag: `lv-LV` and `lv_LV` are `lv`. */
export const primaryLanguage = (tag: string): string => tag.split(/[-_]/)[0]?.toLowerCase() ?? '';
