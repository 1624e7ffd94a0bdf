import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Page, PageForm } from '../../../src/core/page.js';
import { key, type Localise } from '../../../src/core/text.js';
import { Block, Notice } from './blocks.js';
import { fieldId } from './fields.js';
import { FormBlock, type FormTicket } from './form.js';
import { ourPath, ourPicture } from './links.js';
import { Symbols } from './scale.js';
import { styleOf } from './style.js';
import { directionOf, type Speech, speechIn } from './text.js';

export interface PageTools {
  readonly localise: Localise;
  /** For the page's own style and script: nothing else may run in it. */
  readonly nonce: string;
  /** Where the script is that does the proof of work. */
  readonly script: string;
  readonly guard: (form: PageForm) => FormTicket;
  readonly publicUrl: string | undefined;
}

/** A whole page as HTML. */
export function renderPage(page: Page, tools: PageTools): string {
  const speech = speechIn(tools.localise, { locale: page.locale, zone: page.zone });
  return `<!doctype html>${renderToString(<Document page={page} speech={speech} tools={tools} />)}`;
}

interface Props {
  readonly page: Page;
  readonly speech: Speech;
  readonly tools: PageTools;
}

function Document({ page, speech, tools }: Props): JSX.Element {
  const forms = page.blocks.flatMap((block) => (block.kind === 'form' ? [block.form] : []));
  const problems = problemsOf(forms, speech);
  const title = speech.plain(page.title);
  const told = problems.length > 0 ? speech.plain(key('core.page.error_prefix', { title: page.title })) : title;
  return (
    <html lang={page.locale} dir={directionOf(page.locale)}>
      <head>
        <meta charset="utf-8" />
        <title>{page.theme.name && page.theme.name !== title ? `${told} · ${page.theme.name}` : told}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        {/* None is asked for: /favicon.ico would be one request more. */}
        <link rel="icon" href="data:," />
        <style nonce={tools.nonce} dangerouslySetInnerHTML={{ __html: styleOf(page.theme.colour) }} />
        {forms.length > 0 && <script nonce={tools.nonce} src={tools.script} defer />}
      </head>
      <body>
        <Symbols />
        <Header page={page} speech={speech} tools={tools} />
        <main>
          <h1>{speech.rich(page.title)}</h1>
          {problems.length > 0 && <Problems problems={problems} speech={speech} />}
          <Blocks page={page} speech={speech} tools={tools} />
        </main>
      </body>
    </html>
  );
}

function Header({ page, speech, tools }: Props): JSX.Element {
  const { name, logo } = page.theme;
  const picture = logo && ourPicture(logo.url, tools.publicUrl);
  return (
    <header>
      <p class="brand">
        {/* The name beside it tells the same: a picture's own words would be read out twice. */}
        {picture && <img src={picture} alt={logo.alt === name ? '' : logo.alt} height="44" />}
        <span>{name}</span>
      </p>
      {page.languages && page.languages.length > 1 && (
        <nav aria-label={speech.plain(key('core.page.languages'))}>
          {page.languages.map(({ locale, label, href }) => (
            <a
              key={locale}
              href={ourPath(href)}
              lang={locale}
              dir={directionOf(locale)}
              hreflang={locale}
              aria-current={locale === page.locale ? 'true' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
      )}
    </header>
  );
}

function Blocks({ page, speech, tools }: Props): JSX.Element {
  let form = 0;
  return (
    <>
      {page.blocks.map((block) =>
        block.kind === 'form' ? (
          <FormBlock form={block.form} index={form++} guard={tools.guard(block.form)} speech={speech} />
        ) : (
          <Block block={block} speech={speech} />
        ),
      )}
    </>
  );
}

interface Problem {
  readonly id?: string;
  readonly text: string;
}

function problemsOf(forms: readonly PageForm[], speech: Speech): readonly Problem[] {
  return forms.flatMap((form, index) => [
    ...(form.error ? [{ text: speech.plain(form.error) }] : []),
    ...form.fields.flatMap(({ name, label, error }) =>
      error ? [{ id: fieldId(index, name), text: sentence(speech.plain(label), speech.plain(error)) }] : [],
    ),
  ]);
}

/** "Overall: Please fill this in."; a question has a sign of its own. */
const sentence = (label: string, error: string): string => (/[\p{P}]$/u.test(label) ? `${label} ${error}` : `${label}: ${error}`);

/** What has to be mended, with the way to it. Read out first: it has the focus when the page is there. */
function Problems({ problems, speech }: { readonly problems: readonly Problem[]; readonly speech: Speech }): JSX.Element {
  return (
    <section id="problems" class="problems" aria-labelledby="problems-title" tabIndex={-1} autofocus>
      <Notice tone="problem">
        <h2 id="problems-title" class="lead">
          {speech.plain(key('core.page.check_summary', { count: problems.length }))}
        </h2>
        <p class="text">{speech.plain(key('core.page.kept'))}</p>
        <ul>
          {problems.map(({ id, text }) => (
            <li key={id ?? text}>{id === undefined ? text : <a href={`#${id}`}>{text}</a>}</li>
          ))}
        </ul>
      </Notice>
    </section>
  );
}
