import { createHash } from 'node:crypto';
import { Eta } from 'eta';
import { errorSections } from '../errors-document.ts';
import { STYLE } from './templates/style.ts';

const TEMPLATE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Errors (RDP Medic)</title>
<style><%~ it.style %></style>
</head>
<body>
<header class="plain">
  <p class="brand">RDP Medic</p>
  <h1>Errors</h1>
  <p class="summary">What each error code means, and what to do. Problem details name a section of this page as their type.</p>
</header>
<main><% for (const { anchor, code, waits, row } of it.sections) { %>
<section id="<%= anchor %>">
  <h2><%= code %></h2>
  <p><%= row.meaning %></p>
  <p><strong>What to do:</strong> <%= row.next %></p>
  <p>HTTP <%= row.status %>. <%= waits %></p>
</section><% } %>
</main>
</body>
</html>
`;

/** Nothing may be loaded or run, and of all style sheets only ours counts. */
export const ERRORS_PAGE_POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

/** docs/errors.md as a page. */
export function renderErrorsPage(): string {
  const eta = new Eta({ autoEscape: true, autoTrim: false });
  return eta.renderString(TEMPLATE, { sections: errorSections(), style: STYLE });
}
