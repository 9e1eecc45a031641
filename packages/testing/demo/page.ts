import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Marked } from 'marked';

const resolve = createRequire(import.meta.url).resolve;

/**
 * Renders Markdown as an HTML page that looks like GitHub, in light or dark mode as the browser prefers. The browser
 * draws mermaid charts. The page needs no network.
 */
export function renderPage(title: string, markdown: string): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      code: ({ text, lang }) => (lang === 'mermaid' ? `<pre class="mermaid">${escape(text)}</pre>` : false),
    },
  });
  const style = readFileSync(resolve('github-markdown-css/github-markdown.css'), 'utf8');
  const mermaid = readFileSync(resolve('@mermaid-js/tiny/dist/mermaid.tiny.js'), 'utf8');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${style}
body.markdown-body { margin: 0 auto; max-width: 1012px; padding: 32px; }
@media (max-width: 600px) { body.markdown-body { padding: 16px; } }
.mermaid { background: none !important; text-align: center; }</style>
<body class="markdown-body">
${marked.parse(markdown, { async: false })}
<script>${mermaid.replaceAll('</script', '<\\/script')}</script>
<script>
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
mermaid.initialize({ startOnLoad: true, securityLevel: 'strict', theme: dark ? 'dark' : 'default' });
</script>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
