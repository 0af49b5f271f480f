/** The remediation as a drawing. Places are in per cent and text in pixels, so that it can be read at any width. */
export const TIMELINE = `<svg class="timeline" width="100%" height="<%= it.height %>" role="img" aria-labelledby="timeline-title timeline-description">
  <title id="timeline-title"><%= it.title %></title>
  <desc id="timeline-description"><%= it.description %></desc>
  <% for (const band of it.bands) { %><rect class="band" x="<%= band.x %>" width="<%= band.width %>" y="18" height="<%= it.height - 18 %>"/><% } %>
  <% for (const tick of it.ticks) { %><line class="tick" x1="<%= tick.x %>" x2="<%= tick.x %>" y1="18" y2="<%= it.height %>"/>
  <text class="tick-label" x="<%= tick.x %>" y="12" text-anchor="<%= tick.anchor %>"><%= tick.label %></text><% } %>
  <% for (const bar of it.bars) { %><rect class="track" x="0" width="100%" y="<%= bar.y + 20 %>" height="8" rx="4"/>
  <rect class="span <%= bar.tone %>" x="<%= bar.x %>" width="<%= bar.width %>" y="<%= bar.y + 20 %>" height="8" rx="3"/>
  <text class="bar-label" x="0" y="<%= bar.y + 14 %>"><%= bar.label %></text><% } %>
</svg>`;
