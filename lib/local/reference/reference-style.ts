/** The style of the reference page: contents beside the text where there is room, above it where there is none. */
export const REFERENCE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #ffffff; --line: #dfe3ea; --text: #161b26; --quiet: #525d70; --link: #1a56b8;
  --get: #14603a; --post: #744800; --delete: #9c1c12;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1218; --surface: #161c25; --line: #29313d; --text: #e8ecf2; --quiet: #9ca8ba; --link: #8ab8ff;
    --get: #8fe0b1; --post: #f6cf7c; --delete: #ffb8b0;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text); overflow-wrap: break-word;
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
code, pre, .method { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.8125rem; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1, h2, h3, h4, p, ul { margin: 0; }
h1 { font-size: clamp(1.375rem, 1.1rem + 1vw, 1.75rem); letter-spacing: -0.015em; }
h1 small { font-size: 0.875rem; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
h2::first-letter, summary::first-letter { text-transform: uppercase; }
h3 { font-size: 1rem; overflow-wrap: anywhere; }
h3 code { font-size: 0.9375rem; }
h4 { font-size: 0.875rem; margin-top: 1rem; }
.quiet { color: var(--quiet); }
nav { max-height: 45vh; overflow-y: auto; padding: 1.25rem 1.5rem; font-size: 0.8125rem; background: var(--surface); border-bottom: 1px solid var(--line); }
nav > a { display: inline-block; font-weight: 650; }
nav ul { list-style: none; padding: 0 0 0.5rem; }
nav summary { font-weight: 650; padding: 0.125rem 0; cursor: pointer; }
nav li a { display: flex; gap: 0.5rem; padding: 0.125rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav li a:hover { text-decoration: underline; }
.method { text-transform: uppercase; font-weight: 650; color: var(--get); }
.method-post { color: var(--post); }
.method-delete { color: var(--delete); }
nav .method { flex: 0 0 3.25rem; font-size: 0.6875rem; line-height: 1.9; }
main { padding: 1.5rem clamp(1rem, 3vw, 3rem) 4rem; max-width: 72rem; min-width: 0; }
header p { max-width: 80ch; margin: 0.75rem 0; }
.rules { padding-left: 1.25rem; max-width: 90ch; }
article { margin-top: 1rem; padding: 1.125rem 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 0.5rem; }
article:target { border-color: var(--link); }
article > p { margin-top: 0.375rem; }
article > p:last-child { margin-top: 1rem; font-size: 0.8125rem; }
.body > p { font-size: 0.8125rem; margin-top: 0.125rem; }
table { width: 100%; border-collapse: collapse; margin-top: 0.75rem; font-size: 0.8125rem; text-align: left; }
th { font-weight: 400; }
th, td { padding: 0.3125rem 1.25rem 0.3125rem 0; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; font-size: 0.75rem; }
th:first-child { width: 28%; }
th:nth-child(2), td:nth-child(2) { width: 26%; }
.parameters th:nth-child(2), .parameters td:nth-child(2), #problems td:nth-child(2) { width: 12%; }
tbody tr:target { background: color-mix(in srgb, var(--link) 12%, transparent); }
details > summary { cursor: pointer; }
.body details { margin-top: 0.5rem; }
.body summary { color: var(--link); font-size: 0.8125rem; }
pre { overflow: auto; max-height: 32rem; padding: 0.75rem 1rem; margin: 0.5rem 0 0; background: var(--page); border: 1px solid var(--line); border-radius: 0.375rem; }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 21rem minmax(0, 1fr); }
  nav { position: sticky; top: 0; height: 100vh; max-height: none; border-bottom: 0; border-right: 1px solid var(--line); }
}
@media (max-width: 40rem) {
  thead { display: none; }
  tr, th, td { display: block; }
  tbody tr { padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
  th, td { border: 0; padding: 0.0625rem 0; }
  th:first-child, td:nth-child(2) { width: auto; }
}
@media print { nav { display: none; } }
`;
