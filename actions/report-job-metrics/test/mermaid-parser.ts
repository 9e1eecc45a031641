import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';

// Mermaid is a dependency of the testing package, so resolve it from there.
const testing = createRequire(import.meta.url).resolve('@runner-actions/testing');
const script = readFileSync(createRequire(testing).resolve('@mermaid-js/tiny'), 'utf8');

/** A stub of the browser globals that Mermaid needs to parse. Nothing is drawn. */
const document = { nodeType: 9, implementation: {}, createElement: () => ({}) };
const window = { document, Element: function Element() {}, addEventListener: () => undefined };
const context = createContext({ window, structuredClone, console, URL, setTimeout, performance });
runInContext(script, context);
const mermaid = runInContext('globalThis.mermaid', context) as {
  parse(text: string): Promise<{ diagramType: string }>;
};

/** Returns the error of Mermaid's own parser for a diagram; `undefined` if the diagram is valid. */
export async function mermaidError(diagram: string): Promise<string | undefined> {
  try {
    await mermaid.parse(diagram);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
