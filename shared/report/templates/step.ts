/** One step on the time line. The bar repeats in a picture what the words beside it say. */
export const STEP = `<li class="step <%= it.label.tone %>">
  <div class="step-head">
    <h3><%= it.title %></h3>
    <%~ include('@badge', it.label) %>
    <p class="when"><span><%= it.started %></span> <span><%= it.took %></span></p>
  </div>
  <svg class="bar" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    <rect class="whole" width="100" height="2"/>
    <rect class="part" x="<%= Math.min(it.bar.start, 99).toFixed(2) %>" width="<%= Math.max(it.bar.width, 1).toFixed(2) %>" height="2"/>
  </svg>
  <% if (it.detail) { %><p class="text"><%= it.detail %></p><% } %>
  <% if (it.findings.length) { %><h4>Found</h4>
  <ul class="findings"><% for (const finding of it.findings) { %><%~ include('@finding', finding) %><% } %></ul><% } %>
  <% if (it.changes.length) { %><h4>Changed</h4>
  <ul class="findings"><% for (const change of it.changes) { %>
    <li><%= change.what %> <code class="text"><%= change.target %></code><% if (change.before !== null || change.after !== null) { %>
    <span class="values"><%~ include('@value', { value: change.before }) %> <span aria-label="becomes">→</span> <%~ include('@value', { value: change.after }) %></span><% } %></li><% } %></ul><% } %>
  <% if (it.remaining.length) { %><h4>Still there</h4>
  <ul class="findings"><% for (const finding of it.remaining) { %><%~ include('@finding', finding) %><% } %></ul><% } %>
  <% if (it.probe) { %><p>RDP afterwards: <%~ include('@badge', it.probe.label) %> <span class="text"><%= it.probe.detail %></span></p><% } %>
  <% if (it.error) { %><%~ include('@problem', { kind: 'Error', tone: 'bad', problem: it.error }) %><% } %>
  <% if (it.evidence.length) { %><h4>Evidence</h4>
  <ul><% for (const piece of it.evidence) { %>
    <li><% if (piece.href) { %><a href="<%= piece.href %>" rel="noopener noreferrer"><%= piece.name %></a><% } else { %><span class="text"><%= piece.name %></span> (<span class="text"><%= piece.url %></span>)<% } %></li><% } %></ul><% } %>
</li>`;
