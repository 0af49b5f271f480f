/** The style sheet of the HTML report. No fonts, no pictures, no addresses: nothing is loaded. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f4f6f9, #12161c);
  --card: light-dark(#ffffff, #1b2129);
  --ink: light-dark(#1b2430, #e6eaf0);
  --soft: light-dark(#55606e, #a3adba);
  --line: light-dark(#dde3ea, #323b47);
  --good: light-dark(#0b6b3a, #6fd39b);
  --good-soft: light-dark(#e1f4e9, #14351f);
  --warn: light-dark(#8a5300, #f0b95c);
  --warn-soft: light-dark(#fdf0d9, #3a2a0c);
  --bad: light-dark(#a3211b, #ff9d94);
  --bad-soft: light-dark(#fce6e4, #43191a);
  --plain: light-dark(#34506f, #a9c7ea);
  --plain-soft: light-dark(#e6eef7, #1d2c3d);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header, section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.5rem; margin: 1.25rem auto; }
main { padding: 0; }
header { border-top: .5rem solid var(--plain); }
header.good { border-top-color: var(--good); }
header.warn { border-top-color: var(--warn); }
header.bad { border-top-color: var(--bad); }
.brand { margin: 0; font-weight: 600; color: var(--soft); }
.brand span { font-weight: 400; }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; margin: .5rem 0; font-size: 1.9rem; }
h2 { margin: 0 0 .75rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1.05rem; }
h4 { margin: .75rem 0 .25rem; font-size: .8rem; font-weight: 600; color: var(--soft); }
p { margin: .4rem 0; }
small { display: block; color: var(--soft); }
.summary { font-size: 1.15rem; margin: .25rem 0 1rem; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
code, .exact { font: .875em/1.45 ui-monospace, 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .8rem; font-weight: 600; line-height: 1.5; white-space: nowrap; color: var(--plain); background: var(--plain-soft); }
h1 .badge { font-size: 1rem; }
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.warn { color: var(--warn); background: var(--warn-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.badge.good::before { content: '✓ '; }
.badge.warn::before { content: '! '; }
.badge.bad::before { content: '✗ '; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .6rem 1.5rem; margin: 0; }
.facts div:has(.exact) { grid-column: 1 / -1; }
dt { font-size: .8rem; color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.probes { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; }
.probe { border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; }
.probe .facts { grid-template-columns: 1fr; gap: .25rem; margin-top: .6rem; }
.probe .facts div { display: grid; grid-template-columns: 6.5rem 1fr; align-items: baseline; }
.problem { border-left: .25rem solid var(--bad); background: var(--bad-soft); border-radius: .25rem; padding: .5rem .8rem; margin: .6rem 0; }
.problem.warn { border-left-color: var(--warn); background: var(--warn-soft); }
.problem .next { display: block; color: var(--soft); }
ul, ol { margin: .4rem 0; padding-left: 1.4rem; }
li { margin: .25rem 0; }
.findings, .steps, .ids { list-style: none; padding: 0; }
.data { color: var(--soft); font-size: .875em; }
.values { margin-left: .5rem; }
.none { color: var(--soft); }
.step { position: relative; margin: 0; padding: 0 0 1.1rem 1.6rem; border-left: 2px solid var(--line); }
.step:last-child { padding-bottom: 0; }
.step::before { content: ''; position: absolute; left: -.5rem; top: .35rem; width: .85rem; height: .85rem; border-radius: 50%; border: 2px solid var(--card); background: var(--soft); }
.step.good::before { background: var(--good); }
.step.warn::before { background: var(--warn); }
.step.bad::before { background: var(--bad); }
.step-head { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; }
.when { margin: 0 0 0 auto; color: var(--soft); font-size: .875rem; font-variant-numeric: tabular-nums; }
.when span + span::before { content: '· '; }
.drawing { margin: 1rem 0 .5rem; }
.timeline { display: block; overflow: visible; }
.timeline text { font-size: 13px; fill: var(--ink); }
.timeline .tick-label { font-size: 11px; fill: var(--soft); }
.track { fill: var(--line); opacity: .5; }
.tick { stroke: var(--line); stroke-width: 1; }
.span { fill: var(--plain); }
.span.good { fill: var(--good); }
.span.bad { fill: var(--bad); }
.span.wait { fill: var(--warn); }
.span.undo { fill: var(--soft); }
.band { fill: var(--bad-soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 1rem; color: var(--soft); font-size: .875rem; }
.legend svg { vertical-align: -.05em; }
.commands { margin: .6rem 0; }
.commands figcaption { font-size: .8rem; font-weight: 600; color: var(--soft); }
.commands pre { margin: .2rem 0 0; padding: .6rem .8rem; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: .4rem; color: var(--ink); }
.commands pre:focus-visible { outline: 2px solid var(--plain); outline-offset: 2px; }
.commands code { white-space: pre; overflow-wrap: normal; user-select: all; }
.drawing + .legend { margin-top: .5rem; }
h3 + .facts { margin-top: .4rem; }
p + h3, .facts + h3, ul + h3, table + h3 { margin-top: 1rem; }
.advice > li { margin: .6rem 0; }
.permissions { margin: .25rem 0; font-size: .9em; }
.times td { font-variant-numeric: tabular-nums; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .75rem .5rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-size: .8rem; font-weight: 600; color: var(--soft); }
tbody tr:last-child td { border-bottom: 0; }
.changes { table-layout: fixed; }
.changes th:first-child { width: 50%; }
.changes tr:has(+ .back) td { border-bottom: 0; padding-bottom: 0; }
.changes .back { color: var(--soft); }
a { color: var(--plain); }
a:focus-visible { outline: 2px solid var(--plain); outline-offset: 2px; }
footer { color: var(--soft); font-size: .875rem; padding-bottom: 2rem; }
@media (max-width: 40rem) {
  header, section { border-radius: 0; margin: .75rem 0; padding: 1rem; }
  .when { margin-left: 0; width: 100%; }
  .times td:nth-child(3), .times th:nth-child(3) { display: none; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 11pt; }
  header, section { border-color: #ccc; margin: 0 0 1rem; }
  .step, tr, .probe, .problem, .commands, .drawing, .legend { break-inside: avoid; }
  h2, h3, figcaption { break-after: avoid; }
  .badge, .problem, .timeline, .legend, .commands pre, header, .step::before { print-color-adjust: exact; }
  .commands pre { overflow: visible; }
  .commands code { white-space: pre-wrap; overflow-wrap: anywhere; }
  a::after { content: ' (' attr(href) ')'; font-size: .8em; overflow-wrap: anywhere; }
}
`;
