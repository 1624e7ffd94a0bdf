/**
 * An address as it may stand in a page: a path of ours, or http(s), mailto and tel.
 * @returns undefined for everything else (`javascript:`, `data:`, `//elsewhere`)
 */
export function safeHref(href: string): string | undefined {
  if (/^(https?|mailto|tel):/i.test(href)) return URL.canParse(href) ? href : undefined;
  return ourPath(href);
}

/**
 * A path of ours, encoded as browsers do it.
 * @returns undefined for what would lead elsewhere: another host, another scheme, no path
 */
export function ourPath(path: string): string | undefined {
  const here = 'http://here.invalid';
  if (!path.startsWith('/') || !URL.canParse(path, here)) return undefined;
  const url = new URL(path, here);
  // `//elsewhere`, `/\elsewhere` and `/.//elsewhere` are other hosts to a browser.
  return url.origin === here && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : undefined;
}

/**
 * A picture that is shown without asking anybody else: a path of ours, or one that carries its bytes.
 * @param publicUrl where the bot is reached: its own addresses are taken as paths
 */
export function ourPicture(url: string, publicUrl: string | undefined): string | undefined {
  if (/^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(url)) return url;
  const path = publicUrl !== undefined && url.startsWith(`${publicUrl}/`) ? url.slice(publicUrl.length) : url;
  return ourPath(path);
}
