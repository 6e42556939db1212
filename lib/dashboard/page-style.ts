/**
 * The style of every page. Colours come as pairs that reach a contrast of 4.5 in both schemes, which a test computes:
 * https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #ffffff; --line: #dfe3ea; --line-strong: #c3cad6;
  --text: #161b26; --text-quiet: #525d70; --link: #1a56b8;
  --used: #66738a; --reserved: #aeb9ca; --free: #edf0f5;
  --exhausted: #8f0f38; --exhausted-text: #ffffff; --exhausted-fill: #8f0f38;
  --critical: #c62f21; --critical-text: #9c1c12; --critical-fill: #fde4e1;
  --warning: #bf7a00; --warning-text: #744800; --warning-fill: #fdf0cc;
  --unknown: #6c7a91; --unknown-text: #46536a; --unknown-fill: transparent;
  --healthy: #2d8a56; --healthy-text: #14603a; --healthy-fill: #e0f3e8;
  --alarm-surface: #fff4f3; --partial-surface: #fffaf0;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0e1218; --surface: #161c25; --line: #29313d; --line-strong: #3d4858;
    --text: #e8ecf2; --text-quiet: #9ca8ba; --link: #8ab8ff;
    --used: #8a97ad; --reserved: #556177; --free: #242c38;
    --exhausted: #ff8aa6; --exhausted-text: #30000f; --exhausted-fill: #ff8aa6;
    --critical: #f0695c; --critical-text: #ffb8b0; --critical-fill: #48191a;
    --warning: #d99a2b; --warning-text: #f6cf7c; --warning-fill: #3d2d0a;
    --unknown: #8e9bb0; --unknown-text: #b8c3d4; --unknown-fill: transparent;
    --healthy: #3f9d69; --healthy-text: #8fe0b1; --healthy-fill: #11341f;
    --alarm-surface: #241517; --partial-surface: #211c12;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 0 clamp(0.75rem, 2.5vw, 2.5rem) 3rem; max-width: 100rem;
  background: var(--page); color: var(--text);
  font: 0.875rem/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
h1, h2, h3, h4, p, dl, dd, ul, table { margin: 0; }
h1 { font-size: clamp(1.375rem, 1.1rem + 1vw, 1.75rem); line-height: 1.2; letter-spacing: -0.015em; }
h2 { font-size: 1.125rem; line-height: 1.3; letter-spacing: -0.01em; }
h3 { font-size: 0.9375rem; }
h4 { font-size: 0.75rem; color: var(--text-quiet); font-weight: 600; margin: 0 0 0.375rem; }
ul { padding: 0; list-style: none; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
b { font-weight: 650; }
table { width: 100%; border-collapse: collapse; text-align: left; }
th { font-weight: 600; }
thead th { font-size: 0.75rem; color: var(--text-quiet); vertical-align: bottom; }
td, tbody th { vertical-align: top; }
.num { text-align: right; }
.id, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.8125rem; }
.id { color: var(--text-quiet); }
a.id { color: var(--link); }
.quiet, .hint, .note, .summary-facts { color: var(--text-quiet); }
.absent, .note { font-size: 0.75rem; line-height: 1.35; }
.absent { color: var(--text-quiet); font-weight: 400; }
.foreign { unicode-bidi: isolate; overflow-wrap: anywhere; }
time { white-space: nowrap; }
.name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.count { color: var(--text-quiet); font-weight: 400; }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.empty { padding: 1.5rem; border: 1px dashed var(--line-strong); border-radius: 0.5rem; color: var(--text-quiet); }

.trend { margin: 0.5rem 0 0.25rem; display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.5rem; }
.trend svg { width: 100%; max-width: 26.25rem; flex: none; overflow: visible; }
.trend figcaption { color: var(--text-quiet); font-size: 0.8125rem; max-width: 60ch; }
.chart-quiet { fill: var(--text-quiet); }
.chart-grid { stroke: var(--line); stroke-width: 1; }
.chart-now { stroke: var(--line-strong); stroke-width: 1; }
.chart-capacity { stroke: var(--line-strong); stroke-width: 1.5; }
.chart-band { fill: var(--link); fill-opacity: 0.2; }
.chart-middle { fill: none; stroke: var(--link); stroke-width: 1.5; stroke-dasharray: 5 3; }
.chart-seen { fill: none; stroke: var(--text); stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
.chart-floor { fill: none; stroke: var(--critical); stroke-width: 1.25; stroke-dasharray: 2 2; }
.chart-runs-out path { fill: none; stroke: var(--critical); stroke-width: 2; }
.chart-runs-out circle { fill: var(--critical); }

.badge {
  display: inline-flex; align-items: center; gap: 0.3em; padding: 0.05em 0.55em 0.1em 0.45em;
  border: 1px solid; border-radius: 1em; font-size: 0.75rem; font-weight: 650; line-height: 1.5; white-space: nowrap;
}
.badge-shape { width: 0.8em; height: 0.8em; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.badge-exhausted { color: var(--exhausted-text); background: var(--exhausted-fill); border-color: var(--exhausted); }
.badge-critical { color: var(--critical-text); background: var(--critical-fill); border-color: var(--critical); }
.badge-warning { color: var(--warning-text); background: var(--warning-fill); border-color: var(--warning); }
.badge-unknown { color: var(--unknown-text); background: var(--unknown-fill); border-color: var(--unknown); border-style: dashed; }
.badge-healthy { color: var(--healthy-text); background: var(--healthy-fill); border-color: var(--healthy); }
.edge-exhausted { --edge: var(--exhausted); --bar-used: var(--exhausted); }
.edge-critical { --edge: var(--critical); --bar-used: var(--critical); }
.edge-warning { --edge: var(--warning); --bar-used: var(--warning); }
.edge-unknown { --edge: var(--unknown); }
.edge-healthy { --edge: var(--healthy); }

.page-header { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 1.5rem 3rem; padding: 2rem 0 1.5rem; align-items: end; }
.brand { color: var(--text-quiet); font-weight: 600; margin-bottom: 0.125rem; }
.observed { margin-top: 0.5rem; max-width: 90ch; color: var(--text-quiet); }
.observed time { color: var(--text); }
.scope { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin-top: 1.125rem; }
.scope dt { font-size: 0.75rem; color: var(--text-quiet); }
.scope dd { font-weight: 600; }
.scope .id { color: inherit; }
nav { margin-top: 1.125rem; display: flex; gap: 0.25rem 1.25rem; flex-wrap: wrap; }
.tally { background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.625rem 1rem 0.5rem; }
.tally th, .tally td { padding: 0.1875rem 0; }
.tally .num { padding-left: 1.5rem; min-width: 5rem; }
.tally tbody .num { font-size: 1rem; font-weight: 650; }
.tally .none { color: var(--text-quiet); font-weight: 400; }
.session { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: baseline; gap: 0.25rem 1rem; padding-top: 0.75rem; color: var(--text-quiet); }
.session + .page-header { padding-top: 0.75rem; }
button, .button {
  padding: 0.1875rem 0.75rem; border: 1px solid var(--line-strong); border-radius: 0.375rem; background: var(--surface);
  color: var(--link); font: inherit; text-decoration: none; cursor: pointer;
}
button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.notice { display: grid; gap: 0.75rem; justify-items: start; max-width: 40rem; margin: clamp(2rem, 12vh, 8rem) auto 0; }
.notice .button { display: inline-block; padding: 0.375rem 1rem; }

main > section { margin-top: 2.25rem; }
main > section > h2 { margin-bottom: 0.25rem; }
.hint { max-width: 100ch; margin-bottom: 0.75rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; max-width: none; }

main > .coverage { margin-top: 0; padding: 1.125rem 1.25rem 1.25rem; border-radius: 0.5rem; border: 1px solid var(--line); background: var(--surface); }
main > .coverage-incomplete { border: 2px solid var(--critical); background: var(--alarm-surface); }
main > .coverage-partial { border-color: var(--warning); background: var(--partial-surface); }
.verdict { max-width: 100ch; font-size: 0.9375rem; margin-top: 0.125rem; }
.coverage-incomplete .verdict { font-weight: 650; }
.coverage h3 { margin: 1.125rem 0 0.25rem; }
.coverage > .quiet { margin-top: 0.75rem; font-size: 0.8125rem; }
.not-seen { table-layout: fixed; }
.not-seen th, .not-seen td { padding: 0.5rem 1.25rem 0.5rem 0; border-top: 1px solid var(--line-strong); }
.not-seen thead th { border-top: 0; padding-block: 0.25rem; }
.not-seen th:first-child { width: 22%; }
.not-seen th:nth-child(2) { width: 20%; }
.not-seen th:nth-child(3) { width: 22%; }
.not-seen tbody th > .foreign { display: inline-block; }
.not-seen tbody th > .foreign::first-letter { text-transform: uppercase; }
.code { color: var(--text-quiet); }
.resources { margin-top: 0.25rem; font-weight: 400; }
.more { margin-top: 0.5rem; }
.more summary { cursor: pointer; color: var(--link); }
.account { display: inline-flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.5rem; }

.cluster {
  display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 0.25rem 2.5rem; padding: 0.875rem 1.25rem 0.75rem;
  background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--edge); border-radius: 0.25rem 0.5rem 0.5rem 0.25rem;
}
.cluster + .cluster { margin-top: 0.5rem; }
.cluster-identity { display: grid; gap: 0.25rem; align-content: start; justify-items: start; }
.cluster-title { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.625rem; max-width: 100%; }
.cluster h3 { font-size: 1rem; line-height: 1.35; }
.where { display: flex; flex-wrap: wrap; gap: 0 1rem; color: var(--text-quiet); }
.where .account > .foreign { color: var(--text); }
.reasons li::first-letter { text-transform: uppercase; }
.reasons li + li { margin-top: 0.125rem; }
.gap { color: var(--unknown-text); }
.gap::before { content: "? "; font-weight: 650; }
.zones th, .zones td { padding: 0.25rem 1.5rem 0.25rem 0; }
.zones tbody tr { border-top: 1px solid var(--line); }
.zones td.num b { font-size: 1rem; }
.zones th:first-child { width: 22%; }
.zones th:last-child, .zones td:last-child { width: 38%; padding-right: 0; }
.links { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }

.status-heading { margin: 1.25rem 0 0.375rem; }
.status-heading::first-letter { text-transform: uppercase; }
.subnets { table-layout: fixed; background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; border-collapse: separate; border-spacing: 0; }
.col-subnet { width: 22%; } .col-where { width: 17%; } .col-room { width: 25%; } .col-number { width: 12%; }
.subnets > thead th { padding: 0.5rem 1rem; }
.subnet-numbers > * { padding: 0.75rem 1rem 0.25rem; border-top: 1px solid var(--line); }
.subnet-numbers > th { box-shadow: inset 3px 0 var(--edge); }
.subnet-reasons > td { padding: 0.125rem 1rem 0.75rem; box-shadow: inset 3px 0 var(--edge); }
.subnet-numbers th > span { display: block; font-weight: 400; }
.subnet-numbers th > .name { display: -webkit-box; font-weight: 650; }
.zone { display: block; }
.figure { font-size: 1rem; }
.figure b, b.figure { white-space: nowrap; }
.num .note, .num .absent { display: block; }
.subnet-judgement { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 1rem; }
.subnet-judgement .reasons { flex: 0 1 auto; }
.serves { color: var(--text-quiet); }
.bar { display: block; width: 100%; height: 0.625rem; border-radius: 2px; background: var(--free); box-shadow: 0 0 0 1px var(--line-strong); }
.bar-part-used { fill: var(--bar-used, var(--used)); } .bar-part-reserved { fill: var(--reserved); } .bar-part-free { fill: var(--free); }
.room { max-width: 28rem; padding-top: 0.25rem; }
.room-numbers { display: flex; flex-wrap: wrap; gap: 0 0.875rem; margin-top: 0.3125rem; font-size: 0.8125rem; color: var(--text-quiet); }
.room-numbers b { color: var(--text); }
.swatch { display: inline-block; width: 0.625em; height: 0.625em; border-radius: 1px; margin-right: 0.25em; box-shadow: 0 0 0 1px var(--line-strong); }
.swatch-used { background: var(--bar-used, var(--used)); } .swatch-reserved { background: var(--reserved); } .swatch-free { background: var(--free); }

.details { margin-top: 0.25rem; }
.cluster > .details { grid-column: 1 / -1; }
.details > summary { cursor: pointer; color: var(--link); width: fit-content; max-width: 100%; }
.summary-facts { margin-left: 0.5rem; font-size: 0.8125rem; }
.details-grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1.25rem 2.5rem; padding: 0.875rem 0 0.5rem; }
.details-grid > section { min-width: 0; }
@media (min-width: 66.01rem) { .subnets .details-grid { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr) minmax(0, 3fr); } }
.details-grid h4:not(:first-child) { margin-top: 1rem; }
.pairs > div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 0.75rem; padding: 0.1875rem 0; border-top: 1px solid var(--line); }
.pairs > div:first-child { border-top: 0; padding-top: 0; }
.pairs dt { color: var(--text-quiet); }
.pairs time { white-space: normal; }
.items { list-style: disc; padding-left: 1rem; }
.items li + li { margin-top: 0.25rem; }
.scroller { overflow-x: auto; }
.holders { min-width: 25rem; }
.holders th, .holders td { padding: 0.1875rem 1rem 0.1875rem 0; border-top: 1px solid var(--line); }
.holders thead th { border-top: 0; white-space: nowrap; }
.holders tbody th { font-weight: 400; }
.holders th:last-child, .holders td:last-child { padding-right: 0; }
:target { scroll-margin-top: 1rem; }
tbody:target > tr > *, .cluster:target { background: color-mix(in srgb, var(--link) 8%, var(--surface)); }

footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line-strong); color: var(--text-quiet); }
footer h2 { font-size: 0.9375rem; color: var(--text); margin-bottom: 0.375rem; }
footer ul { list-style: disc; padding-left: 1.1rem; max-width: 105ch; }
footer li + li { margin-top: 0.25rem; }

@media (max-width: 66rem) {
  .page-header { grid-template-columns: minmax(0, 1fr); padding-top: 1.25rem; }
  .cluster { grid-template-columns: minmax(0, 1fr); padding-inline: 1rem; row-gap: 0.75rem; }
  .zones th, .zones td { padding-right: 1rem; }
  .cards, .cards > tbody, .cards > tbody > tr, .cards > tbody > tr > * { display: block; width: auto; }
  .cards > thead {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  }
  .cards td[data-label]::before {
    content: attr(data-label); display: block; font-size: 0.75rem; color: var(--text-quiet);
  }
  .not-seen > tbody > tr { padding: 0.625rem 0; border-top: 1px solid var(--line-strong); }
  .cards.not-seen > tbody > tr > * { width: auto; padding: 0.1875rem 0; border: 0; }
  main .cards.subnets { border: 0; background: none; }
  .subnets > tbody { background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--edge); border-radius: 0.25rem 0.5rem 0.5rem 0.25rem; }
  .subnets > tbody + tbody { margin-top: 0.5rem; }
  .subnets > tbody > .subnet-numbers { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem 1rem; padding: 0.75rem 1rem 0.5rem; }
  .subnets > tbody > tr > * { padding: 0; border: 0; box-shadow: none; }
  .subnets > tbody > .subnet-numbers > th, .subnets > tbody > .subnet-numbers > .subnet-where, .subnets > tbody > .subnet-numbers > .subnet-room { grid-column: 1 / -1; }
  .subnets > tbody > .subnet-reasons > td { padding: 0.25rem 1rem 0.75rem; }
  .cards .num { text-align: left; }
  .cards .holders .num { text-align: right; }
  .room { max-width: none; }
}
@media (max-width: 40rem) {
  main > .coverage { padding: 1rem; }
  .tally { width: 100%; }
  .zones, .zones thead, .zones tbody { display: block; }
  .zones tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); column-gap: 0.5rem; padding: 0.25rem 0; }
  .zones th, .zones td, .zones th:first-child { width: auto; padding: 0; }
  .zones thead th:last-child { display: none; }
  .zones th:last-child, .zones td:last-child { width: auto; grid-column: 1 / -1; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --alarm-surface: #ffffff; --partial-surface: #ffffff; --text: #000000; --text-quiet: #444444;
  }
  body { padding: 0; font-size: 9pt; }
  nav, .session { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .cluster, .not-seen tr, .subnets > tbody { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
