/** What the dashboard adds to the report's style sheet. */
export const DASHBOARD_STYLE = `
body { padding: 0 1rem; }
header, main, footer { max-width: 76rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.figures li { margin: 0; }
.figures a { display: block; padding: .75rem 1rem; border-radius: .5rem; text-decoration: none; color: var(--plain); background: var(--plain-soft); }
.figures a:hover span { text-decoration: underline; }
.figures strong { display: block; font-size: 1.8rem; line-height: 1.1; font-variant-numeric: tabular-nums; }
.figures span { font-size: .875rem; }
.figures .good a { color: var(--good); background: var(--good-soft); }
.figures .warn a { color: var(--warn); background: var(--warn-soft); }
.figures .bad a { color: var(--bad); background: var(--bad-soft); }
.figures .none a { color: var(--soft); background: var(--page); }
.empty { color: var(--soft); }
.moment { white-space: nowrap; }
.rows td { font-variant-numeric: tabular-nums; }
.rows tbody th { font-size: 1rem; font-weight: 600; color: var(--ink); }
.rows tbody th small { font-weight: 400; }
.rows tbody tr:last-child th { border-bottom: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) {
  body { padding: 0; }
  .rows thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .rows, .rows tbody, .rows tr, .rows th, .rows td { display: block; }
  .rows tbody th, .rows tbody td { border: 0; padding: .1rem 0; }
  .rows tbody tr { border-bottom: 1px solid var(--line); padding: .6rem 0; }
  .rows tbody tr:last-child { border-bottom: 0; }
}
`;
