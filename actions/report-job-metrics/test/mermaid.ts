import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';

// Mermaid is a dependency of the testing package, so it is looked for from there.
const testing = createRequire(import.meta.url).resolve('@runner-actions/testing');
const script = readFileSync(createRequire(testing).resolve('@mermaid-js/tiny'), 'utf8');

/** As much of a browser as Mermaid asks for before it parses; nothing is drawn. */
const document = { nodeType: 9, implementation: {}, createElement: () => ({}) };
const window = { document, Element: function Element() {}, addEventListener: () => undefined };
const context = createContext({ window, structuredClone, console, URL, setTimeout, performance });
runInContext(script, context);
const mermaid = runInContext('globalThis.mermaid', context) as {
  parse(text: string): Promise<{ diagramType: string }>;
};

/** What Mermaid's own parser finds wrong with a diagram; `undefined`: nothing. */
export async function faultOf(diagram: string): Promise<string | undefined> {
  try {
    await mermaid.parse(diagram);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
