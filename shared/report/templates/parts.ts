/** The small parts of the HTML report; each gets as `it` what it shows. */
export const PARTS = {
  badge: `<span class="badge <%= it.tone %>"><%= it.text %></span>`,

  facts: `<dl class="facts"><% for (const fact of it.facts) { %>
  <div><dt><%= fact.name %></dt><dd<% if (fact.exact) { %> class="exact"<% } %>><%= fact.value %></dd></div><% } %>
</dl>`,

  problem: `<p class="problem <%= it.tone %>"><strong><%= it.kind %></strong> <code><%= it.problem.code %></code>
  <span class="text"><%= it.problem.message %></span><% if (it.problem.next) { %>
  <span class="next text"><%= it.problem.next %></span><% } %></p>`,

  probe: `<div class="probe">
  <h3><%= it.when %> <%~ include('@badge', it.label) %></h3>
  <p class="text"><%= it.detail %></p>
  <%~ include('@facts', { facts: it.facts }) %>
</div>`,

  finding: `<li><%~ include('@badge', it.severity) %> <code><%= it.code %></code>
  <span class="text"><%= it.detail %></span><% if (it.data) { %> <span class="data text"><%= it.data %></span><% } %></li>`,

  value: `<% if (it.value === null) { %><span class="none">–</span><% } else { %><code class="text"><%= it.value %></code><% } %>`,
};
