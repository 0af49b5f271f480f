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

  evidence: `<% if (it.href) { %><a href="<%= it.href %>" rel="noopener noreferrer"><%= it.name %></a><% } else { %><span class="text"><%= it.name %></span> (<span class="text"><%= it.url %></span>)<% } %>`,

  permissions: `<% if (it.permissions.length) { %><ul class="permissions"><% for (const line of it.permissions) { %><li class="text"><%= line %></li><% } %></ul><% } %>`,

  // A click into a block selects the whole of it: a script that would copy it is not allowed to run.
  commands: `<% for (const block of it.commands) { %>
<figure class="commands"><figcaption><%= it.tools[block.tool] %></figcaption>
<pre tabindex="0" role="group" aria-label="<%= it.tools[block.tool] %>"><code><%= block.lines.join('\\n') %></code></pre></figure><% } %>`,

  value: `<% if (it.value === null) { %><span class="none">–</span><% } else { %><code class="text"><%= it.value %></code><% } %>`,
};
