import { GROUNDS, type Palette, paletteOf } from './colours.js';

/**
 * The style of every page: one column, system fonts, targets of 44 px, visible focus, dark and light, printable.
 * @param colour the organisation's, `#rrggbb`
 */
export function styleOf(colour: string | undefined): string {
  const { light, dark } = paletteOf(colour);
  return `:root{${variables(light, 'light')}}@media screen and (prefers-color-scheme:dark){:root{${variables(dark, 'dark')}}}${SHEET}`;
}

const REST = {
  light:
    'color-scheme:light;--ink:#1c1d1f;--quiet:#55575c;--line:#dcdad4;--edge:#75777d;--bad:#a8201a;--badbg:#fdeeec;--good:#1e6b3a;--goodbg:#e9f5ec;--info:#e9eef6;--ours:#eef1f5',
  dark: 'color-scheme:dark;--ink:#ececee;--quiet:#b2b5bb;--line:#35383d;--edge:#8b8e95;--bad:#ff9d94;--badbg:#3a201e;--good:#84d69c;--goodbg:#1b3224;--info:#232b38;--ours:#2a2e35',
} as const;

function variables({ accent, onAccent, link, fill }: Palette, scheme: 'light' | 'dark'): string {
  const [ground, card] = GROUNDS[scheme];
  return `${REST[scheme]};--ground:${ground};--card:${card};--accent:${accent};--on:${onAccent};--link:${link};--fill:${fill}`;
}

const SHEET = `
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);border-top:6px solid var(--accent);font-size:1.0625rem;overflow-wrap:anywhere}
header,main{max-width:38rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:center;justify-content:space-between;padding-top:.75rem}
.brand{display:flex;gap:.75rem;align-items:center;margin:0;min-height:44px;font-weight:600}
.brand img{height:44px;width:auto;max-width:9rem;object-fit:contain;border-radius:6px}
nav{display:flex;flex-wrap:wrap;gap:.25rem;margin-inline-end:-.75rem}
nav a{display:inline-flex;align-items:center;justify-content:center;min-height:44px;min-width:44px;padding:0 .75rem;color:var(--link);border-radius:8px}
nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none;box-shadow:inset 0 -3px var(--accent);border-radius:0}
main{padding-bottom:4rem}
h1{font-size:1.65rem;line-height:1.25;margin:1.25rem 0 1rem;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3;margin:2rem 0 .75rem}
p{margin:.5rem 0}
.text,.words{white-space:pre-line}
.quiet:not(.button),.hint,.optional,.by,.ends,dt{color:var(--quiet)}
.hint,.ends,.by,dt,.text.quiet{font-size:1rem}
.optional{font-weight:400}
a{color:var(--link);text-underline-offset:.2em}
.link{display:inline-flex;align-items:center;min-height:44px}
form{display:block;margin:1.25rem 0 0}
.field{border:1px solid var(--line);background:var(--card);border-radius:14px;margin:0 0 .875rem;padding:1rem;min-width:0}
.field.wrong{border-color:var(--bad);box-shadow:inset 4px 0 var(--bad)}
[dir=rtl] .field.wrong{box-shadow:inset -4px 0 var(--bad)}
legend,.label{font-weight:600;display:block;padding:0}
legend{float:inline-start;width:100%}
legend+*{clear:both}
.hint,.error{margin:.125rem 0 .25rem}
.error{color:var(--bad);font-weight:600}
input[type=text],input[type=email],input[type=tel],textarea,select{display:block;width:100%;min-height:48px;margin-top:.5rem;padding:.625rem .75rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:10px}
textarea{min-height:8.5rem;resize:vertical}
[aria-invalid]:not([type=radio]):not([type=checkbox]){border-color:var(--bad);border-width:2px}
.tick{display:flex;gap:.75rem;align-items:center;min-height:44px;padding:.25rem 0;cursor:pointer}
.tick input{flex:none;width:24px;height:24px;margin:0;accent-color:var(--link)}
.steps{display:grid;grid-template-columns:repeat(auto-fit,minmax(44px,56px));gap:4px;padding-top:.5rem;clear:both}
.steps.many{grid-template-columns:repeat(auto-fit,minmax(44px,1fr))}
.stars,.smileys{margin-inline-start:-6px}
.step{position:relative;display:block;cursor:pointer}
.step input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.mark{display:flex;align-items:center;justify-content:center;width:100%;height:52px;border-radius:12px;border:2px solid transparent;color:var(--link)}
.many .mark{height:48px}
.numbers .mark{border:1px solid var(--edge);color:var(--ink);font-variant-numeric:tabular-nums}
.mark svg{width:40px;height:40px;fill:none;stroke:var(--edge);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.many svg{width:32px;height:32px}
.step:hover svg{stroke:var(--link)}
.step:hover .mark{border-color:var(--link)}
.stars .mark{border:0}
input:checked+.mark svg{stroke:var(--link)}
.stars input:checked+.mark svg,.stars .step:has(~.step input:checked) svg{fill:var(--fill);stroke:var(--link)}
.smileys input:checked+.mark{border-color:var(--link);box-shadow:inset 0 0 0 1px var(--link)}
.smileys input:checked+.mark svg{stroke-width:2.2}
.numbers input:checked+.mark{background:var(--accent);border-color:var(--link);color:var(--on);font-weight:700;box-shadow:0 0 0 2px var(--link)}
.ends{display:flex;justify-content:space-between;gap:1rem;margin:.25rem 0 0}
.steps:not(.many)+.ends{max-width:18.5rem}
.ends span:last-child:not(:first-child){text-align:end}
.nothing{color:var(--quiet)}
.field:not(:has(input:checked)) .nothing{display:none}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:52px;margin:1.25rem 0 0;padding:.75rem 1.5rem;font:inherit;font-weight:600;font-size:1.125rem;color:var(--on);background:var(--accent);border:2px solid var(--link);border-radius:12px;cursor:pointer;text-decoration:none;text-align:center}
.button.quiet{background:transparent;color:var(--link)}
.button[aria-disabled=true]{cursor:progress}
:focus-visible,.step input:focus-visible+.mark{outline:3px solid var(--link);outline-offset:3px;border-radius:8px}
.step input:focus-visible{outline:0}
.notice{display:flex;gap:.875rem;border-radius:14px;padding:1rem;margin:1rem 0;background:var(--info)}
.notice>div{min-width:0;flex:1}
.notice .lead{font-size:1.125rem;font-weight:600;margin:0;line-height:1.4}
.sign{flex:none;width:28px;height:28px;fill:none;stroke:var(--card);stroke-width:3;stroke-linecap:round;stroke-linejoin:round;border-radius:50%;padding:2px;background:var(--link)}
.thanks{background:var(--goodbg)}.thanks .sign{background:var(--good)}
.problem{background:var(--badbg)}.problem .sign{background:var(--bad)}
.problems{border-radius:14px;margin:1rem 0}
.problems:focus{outline:3px solid var(--bad);outline-offset:2px}
.problems ul{margin:.5rem 0 0;padding:0;list-style:none}
.problems li a{display:inline-flex;align-items:center;min-height:44px;color:var(--bad)}
.facts{margin:1rem 0;padding:.25rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:14px}
.facts div{padding:.625rem 0}
.facts div+div{border-top:1px solid var(--line)}
dd{margin:0;font-weight:600;white-space:pre-line}
.conversation{list-style:none;margin:1rem 0;padding:0}
.conversation li{background:var(--card);border:1px solid var(--line);border-radius:14px 14px 14px 4px;padding:.75rem 1rem;margin:0 0 .75rem;margin-inline-end:2rem}
.conversation .ours{background:var(--ours);border-radius:14px 14px 4px 14px;margin-inline:2rem 0}
.by{margin:0}.by strong{color:var(--ink)}
.by span::before{content:"· "}
.words{margin:.25rem 0 0}
.website{display:none}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (min-width:40rem){.button{width:auto;min-width:14rem}main{padding-top:.5rem}h1{font-size:2rem}}
@media (prefers-reduced-motion:no-preference){.mark,.button{transition:border-color .12s,background-color .12s}}
@media (forced-colors:active){.stars input:checked+.mark svg,.stars .step:has(~.step input:checked) svg{fill:Highlight;stroke:Highlight}.smileys input:checked+.mark,.numbers input:checked+.mark{border-color:Highlight;background:Highlight;color:HighlightText;forced-color-adjust:none}.mark svg{stroke:CanvasText}}
@media print{body{border:0;background:#fff}nav,.button,.nothing{display:none}.field,.conversation li,.facts{break-inside:avoid}}
`
  .replaceAll('\n', '')
  .replaceAll(/([;{}])\s+/g, '$1');
