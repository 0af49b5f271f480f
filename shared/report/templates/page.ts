/** The whole report: verdict first, then what the reader does next, what it cost in time, the story, and the ways back. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="<%= it.policy %>">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title><%= it.vmName %>: <%= it.label.text %> (RDP Medic)</title>
<style><%~ it.style %></style>
</head>
<body>
<header class="<%= it.label.tone %>">
  <p class="brand">RDP Medic <span>incident report</span></p>
  <h1><%= it.vmName %> <%~ include('@badge', it.label) %></h1>
  <p class="summary text"><%= it.summary %></p>
  <%~ include('@facts', { facts: it.facts }) %>
</header>
<main>
<% const { record } = it; %>
<% if (it.question.length) { %>
<section>
  <h2>Waiting for approval</h2>
  <%~ include('@facts', { facts: it.question }) %>
</section><% } %>
<% if (it.advice.length + record.refusals.length + record.errors.length + record.warnings.length) { %>
<section>
  <h2>What to do next</h2>
  <% if (it.advice.length) { %><ul class="advice"><% for (const { words, commands } of it.advice) { %><li><span class="text"><%= words %></span><%~ include('@commands', { commands, tools: it.tools }) %></li><% } %></ul><% } %>
  <% for (const problem of record.refusals) { %><%~ include('@problem', { kind: 'Refused', tone: 'warn', problem }) %><% } %>
  <% for (const problem of record.errors) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem }) %><% } %>
  <% for (const warning of record.warnings) { %><p class="problem warn"><strong>Warning</strong> <span class="text"><%= warning %></span></p><% } %>
</section><% } %>
<% if (it.timeline) { %>
<section>
  <h2>Downtime and timeline</h2>
  <p><strong><%= it.downtime.short %>.</strong> <%= it.downtime.sentence %></p>
  <% for (const outage of it.downtime.outages) { %><h3><%= outage.title %></h3>
  <%~ include('@facts', { facts: outage.facts }) %><% } %>
  <div class="drawing"><%~ include('@timeline', it.timeline) %></div>
  <p class="legend"><% for (const { look, text } of it.timeline.legend) { %><span><svg width="14" height="10" aria-hidden="true" focusable="false"><rect class="<%= look %>" width="14" height="10" rx="3"/></svg> <%= text %></span> <% } %></p>
  <table class="times">
    <thead><tr><th scope="col">Step</th><th scope="col">Result</th><th scope="col">Started</th><th scope="col">Duration</th></tr></thead>
    <tbody><% for (const step of it.steps) { %>
      <tr><td class="text"><%= step.title %></td><td><%~ include('@badge', step.label) %></td><td><%= step.started %></td><td><%= step.took %></td></tr><% } %>
    </tbody>
  </table>
</section><% } %>
<% if (it.probes.length) { %>
<section>
  <h2>RDP, as seen from outside</h2>
  <div class="probes"><% for (const probe of it.probes) { %><%~ include('@probe', probe) %><% } %></div>
</section><% } %>
<% if (it.faults.length) { %>
<section>
  <h2>What was wrong</h2>
  <table>
    <thead><tr><th scope="col">Finding</th><th scope="col">Seen</th><th scope="col">Afterwards</th></tr></thead>
    <tbody><% for (const fault of it.faults) { %>
      <tr><td><%~ include('@badge', fault.severity) %> <code><%= fault.code %></code><% if (fault.cause) { %><br><%= fault.cause %><% } %></td>
      <td class="text"><%= fault.detail %></td><td><%~ include('@badge', fault.afterwards) %></td></tr><% } %>
    </tbody>
  </table>
</section><% } %>
<% if (record.plan) { %>
<section>
  <h2>Plan</h2>
  <ol><% for (const line of record.plan.lines) { %><li class="text"><%= line %></li><% } %></ol>
  <% if (record.plan.downtime) { %><p><strong>Downtime:</strong> <span class="text"><%= record.plan.downtime %></span></p><% } %>
  <% if (record.plan.losses.length) { %><p><strong>What is lost:</strong></p>
  <ul><% for (const line of record.plan.losses) { %><li class="text"><%= line %></li><% } %></ul><% } %>
  <% if (record.plan.costs && record.plan.costs.length) { %><p><strong>Cost:</strong></p>
  <ul><% for (const line of record.plan.costs) { %><li class="text"><%= line %></li><% } %></ul><% } %>
</section><% } %>
<% if (it.approvals.length) { %>
<section>
  <h2>Approval</h2>
  <%~ include('@facts', { facts: it.approvals }) %>
</section><% } %>
<% if (it.steps.length) { %>
<section>
  <h2>Steps</h2>
  <ol class="steps"><% for (const step of it.steps) { %><%~ include('@step', step) %><% } %></ol>
</section><% } %>
<% if (it.changes.length) { %>
<section>
  <h2>Changes, and how to undo them</h2>
  <p>The latest change is listed first: undo them in this order. Changes that were already undone are not listed.</p>
  <table class="changes">
    <thead><tr><th scope="col">Change</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
    <tbody><% for (const change of it.changes) { %>
      <tr><td><%= change.what %> <code class="text"><%= change.target %></code><%~ include('@permissions', change) %></td>
      <td><%~ include('@value', { value: change.before }) %></td><td><%~ include('@value', { value: change.after }) %></td>
</tr>
      <tr class="back"><td colspan="3"><span class="text"><%= change.undo %></span><%~ include('@commands', { commands: change.commands, tools: it.tools }) %></td></tr><% } %>
    </tbody>
  </table>
</section><% } %>
<% if (it.wayBack.length) { %>
<section>
  <h2>What is kept until when</h2>
  <%~ include('@facts', { facts: it.wayBack }) %>
</section><% } %>
<% if (record.undo.length) { %>
<section>
  <h2>Changes undone</h2>
  <ul class="findings"><% for (const undo of record.undo) { %>
    <li><%~ include('@badge', undo.done ? { text: 'Done', tone: 'good' } : { text: 'Not done', tone: 'bad' }) %>
    <span class="text"><%= undo.description %></span><% if (undo.error) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem: undo.error }) %><% } %></li><% } %></ul>
</section><% } %>
<% if (it.unsolved) { const { ruledOut, notLookedAt, support, evidence } = it.unsolved; %>
<section>
  <h2>Not repaired: what was ruled out, and what to send to support</h2>
  <% if (ruledOut.length) { %><h3>Ruled out</h3>
  <ul><% for (const line of ruledOut) { %><li><%= line %></li><% } %></ul><% } %>
  <% if (notLookedAt.length) { %><h3>Could not be read, so a fault is possible there</h3>
  <ul><% for (const line of notLookedAt) { %><li class="text"><%= line %></li><% } %></ul><% } %>
  <h3>Attach to a support request</h3>
  <p>This report, record.json, and the evidence of each step:</p>
  <% if (evidence.length) { %><ul><% for (const piece of evidence) { %>
    <li><%~ include('@evidence', piece) %></li><% } %></ul><% } %>
  <%~ include('@facts', { facts: support }) %>
</section><% } %>
<% const { kept, leftovers, removed } = record.cleanup; if (kept.length + leftovers.length + removed.length) { %>
<section>
  <h2>Resources</h2>
  <% for (const [name, ids] of [['Left behind', leftovers], ['Kept', kept], ['Removed', removed]]) { if (ids.length) { %>
  <h3><%= name %></h3>
  <ul class="ids"><% for (const id of ids) { %><li><code class="text"><%= id %></code></li><% } %></ul><% } } %>
</section><% } %>
<section>
  <h2>Request</h2>
  <%~ include('@facts', { facts: it.request }) %>
</section>
</main>
<footer><p>RDP Medic, <%= it.id %>. All times are UTC.</p></footer>
</body>
</html>
`;
