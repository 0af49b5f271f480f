/** The dashboard: figures first, then what goes on, then what waits, what has ended, and what came to nothing. */
export const DASHBOARD_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<% if (it.refreshSeconds !== undefined) { %><meta http-equiv="refresh" content="<%= it.refreshSeconds %>"><% } %>
<title>RDP Medic: <%= it.running.length %> going on, <%= it.waiting.length %> waiting</title>
<style><%~ it.style %></style>
</head>
<body>
<header class="<%= it.accepting ? '' : 'bad' %>">
  <p class="brand">RDP Medic <span>dashboard</span></p>
  <h1>Remediations</h1>
  <% if (!it.accepting) { %><p class="problem"><strong>Kill switch on</strong> Nothing is started until RDP_MEDIC_KILL_SWITCH, or killSwitch in the policy, is off again.</p><% } %>
  <ul class="figures"><% for (const figure of it.figures) { %>
    <li class="<%= figure.tone %>"><a href="<%= figure.href %>"><strong><%= figure.value %></strong> <span><%= figure.name %></span></a></li><% } %>
  </ul>
</header>
<main>
<section id="going-on" aria-labelledby="going-on-title">
  <h2 id="going-on-title">Going on</h2>
  <% if (it.running.length === 0) { %><p class="empty">Nothing goes on.</p><% } else { %>
  <table class="rows">
    <thead><tr><th scope="col">VM</th><th scope="col">Phase</th><th scope="col">Step</th><th scope="col">Since</th><th scope="col">Report</th></tr></thead>
    <tbody><% for (const one of it.running) { %>
      <tr><th scope="row"><%= one.vm %> <small><%= one.resourceGroup %></small></th>
      <td><%~ include('@badge', one.label) %></td><td class="text"><%= one.step %></td>
      <td><%= one.took %> <small class="moment"><%= one.since %></small></td>
      <td><a href="<%= one.href %>" rel="noreferrer">So far<span class="unseen"> of <%= one.vm %></span></a></td></tr><% } %>
    </tbody>
  </table><% } %>
</section>
<section id="waiting" aria-labelledby="waiting-title">
  <h2 id="waiting-title">Waiting for a place</h2>
  <% if (it.waiting.length === 0) { %><p class="empty">No VM waits.</p><% } else { %>
  <table class="rows">
    <thead><tr><th scope="col">VM</th><th scope="col">Why</th><th scope="col">Last asked</th></tr></thead>
    <tbody><% for (const one of it.waiting) { %>
      <tr><th scope="row" class="text"><%= one.vm %></th><td class="text"><%= one.reason %></td><td class="moment"><%= one.since %></td></tr><% } %>
    </tbody>
  </table><% } %>
</section>
<section id="ended" aria-labelledby="ended-title">
  <h2 id="ended-title">Ended</h2>
  <% if (it.ended.length === 0) { %><p class="empty">None has ended yet.</p><% } else { %>
  <table class="rows">
    <thead><tr><th scope="col">VM</th><th scope="col">Outcome</th><th scope="col">Ended</th><th scope="col">Took</th><th scope="col">Report</th></tr></thead>
    <tbody><% for (const one of it.ended) { %>
      <tr><th scope="row"><%= one.vm %> <small><%= one.resourceGroup %></small></th>
      <td><%~ include('@badge', one.label) %></td><td class="moment"><%= one.ended %></td><td><%= one.took %></td>
      <td><a href="<%= one.href %>" rel="noreferrer">Read<span class="unseen"> the report of <%= one.vm %></span></a></td></tr><% } %>
    </tbody>
  </table><% } %>
</section>
<section id="aside" aria-labelledby="aside-title">
  <h2 id="aside-title">Messages put aside</h2>
  <% if (it.aside.length === 0) { %><p class="empty">Every message came to something.</p><% } else { %>
  <table class="rows">
    <thead><tr><th scope="col">For</th><th scope="col">Why, and what to do</th><th scope="col">Queue</th><th scope="col">When</th></tr></thead>
    <tbody><% for (const one of it.aside) { %>
      <tr><th scope="row" class="text"><%= one.what %></th>
      <td><code><%= one.code %></code> <span class="text"><%= one.message %></span> <small class="text"><%= one.next %></small></td>
      <td class="text"><%= one.queue %></td><td class="moment"><%= one.at %></td></tr><% } %>
    </tbody>
  </table><% } %>
</section>
</main>
<footer><p>RDP Medic <%= it.version %>, as of <%= it.made %>.
<% if (it.refreshSeconds === undefined) { %><a href="<%= it.toggle %>" rel="noreferrer">Refresh by itself</a><% } else { %>It loads itself again every <%= it.refreshSeconds %> seconds. <a href="<%= it.toggle %>" rel="noreferrer">Stop that</a><% } %></p></footer>
</body>
</html>
`;
