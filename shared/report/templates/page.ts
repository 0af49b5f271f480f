/** The whole report: verdict first, then what the reader must do, then the story, then the ways back. */
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
  <p class="brand">RDP Medic <span>remediation report</span></p>
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
<% if (record.advice.length + record.refusals.length + record.errors.length + record.warnings.length) { %>
<section>
  <h2>What to do next</h2>
  <% if (record.advice.length) { %><ul class="advice"><% for (const line of record.advice) { %><li class="text"><%= line %></li><% } %></ul><% } %>
  <% for (const problem of record.refusals) { %><%~ include('@problem', { kind: 'Refused', tone: 'warn', problem }) %><% } %>
  <% for (const problem of record.errors) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem }) %><% } %>
  <% for (const warning of record.warnings) { %><p class="problem warn"><strong>Warning</strong> <span class="text"><%= warning %></span></p><% } %>
</section><% } %>
<% if (it.probes.length) { %>
<section>
  <h2>RDP, seen from outside</h2>
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
  <% if (record.plan.losses.length) { %><p><strong>Lost on the way:</strong></p>
  <ul><% for (const line of record.plan.losses) { %><li class="text"><%= line %></li><% } %></ul><% } %>
</section><% } %>
<% if (it.steps.length) { %>
<section>
  <h2>Steps</h2>
  <ol class="steps"><% for (const step of it.steps) { %><%~ include('@step', step) %><% } %></ol>
</section><% } %>
<% if (it.changes.length) { %>
<section>
  <h2>What is different now, and how to take it back</h2>
  <p>The last change comes first: take them back in this order. What was taken back already is not listed.</p>
  <table class="changes">
    <thead><tr><th scope="col">Change</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
    <tbody><% for (const change of it.changes) { %>
      <tr><td><%= change.what %> <code class="text"><%= change.target %></code></td>
      <td><%~ include('@value', { value: change.before }) %></td><td><%~ include('@value', { value: change.after }) %></td>
</tr>
      <tr class="back"><td colspan="3" class="text"><%= change.undo %></td></tr><% } %>
    </tbody>
  </table>
</section><% } %>
<% if (it.wayBack.length) { %>
<section>
  <h2>The way back</h2>
  <%~ include('@facts', { facts: it.wayBack }) %>
</section><% } %>
<% if (record.undo.length) { %>
<section>
  <h2>What was taken back</h2>
  <ul class="findings"><% for (const undo of record.undo) { %>
    <li><%~ include('@badge', undo.done ? { text: 'Done', tone: 'good' } : { text: 'Not done', tone: 'bad' }) %>
    <span class="text"><%= undo.description %></span><% if (undo.error) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem: undo.error }) %><% } %></li><% } %></ul>
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
