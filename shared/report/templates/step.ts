/** One step, with all that it found and did. */
export const STEP = `<li class="step <%= it.label.tone %>">
  <div class="step-head">
    <h3><%= it.title %></h3>
    <%~ include('@badge', it.label) %>
    <p class="when"><span><%= it.started %></span> <span><%= it.took %></span></p>
  </div>
  <% if (it.detail) { %><p class="text"><%= it.detail %></p><% } %>
  <% if (it.findings.length) { %><h4>Found</h4>
  <ul class="findings"><% for (const finding of it.findings) { %><%~ include('@finding', finding) %><% } %></ul><% } %>
  <% if (it.changes.length) { %><h4>Changed</h4>
  <ul class="findings"><% for (const change of it.changes) { %>
    <li><%= change.what %> <code class="text"><%= change.target %></code><%~ include('@permissions', change) %><% if (change.before !== null || change.after !== null) { %>
    <span class="values"><%~ include('@value', { value: change.before }) %> <span aria-label="becomes">→</span> <%~ include('@value', { value: change.after }) %></span><% } %></li><% } %></ul><% } %>
  <% if (it.remaining.length) { %><h4>Still there</h4>
  <ul class="findings"><% for (const finding of it.remaining) { %><%~ include('@finding', finding) %><% } %></ul><% } %>
  <% if (it.probe) { %><p>RDP afterwards: <%~ include('@badge', it.probe.label) %><% if (it.probe.detail !== it.detail) { %> <span class="text"><%= it.probe.detail %></span><% } %></p><% } %>
  <% if (it.error) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem: it.error }) %><% } %>
  <% if (it.evidence.length) { %><h4>Evidence</h4>
  <ul><% for (const piece of it.evidence) { %>
    <li><%~ include('@evidence', piece) %></li><% } %></ul><% } %>
</li>`;
