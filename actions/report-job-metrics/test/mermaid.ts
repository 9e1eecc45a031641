import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';

// Mermaid and the DOM are dependencies of the testing package, so resolve them from there.
const ofTesting = createRequire(createRequire(import.meta.url).resolve('@runner-actions/testing'));

interface Page {
  parseHTML(html: string): { window: Record<string, unknown> & { Element: { prototype: object } } };
}

interface Drawn {
  querySelector(selector: string): { textContent: string } | null;
  querySelectorAll(selector: string): Iterable<{ textContent: string; getAttribute(name: string): string }>;
}

/** The size of a text is a guess from its length: no browser lays it out. */
const measured = {
  getBBox(this: { textContent: string | null }) {
    return { x: 0, y: 0, width: (this.textContent ?? '').length * 7, height: 14 };
  },
};

/** A style sheet that remembers nothing: Mermaid only checks its own styles with it. */
class StyleSheet {
  cssRules = [];
  insertRule(): void {}
  replaceSync(): void {}
}

const { parseHTML } = ofTesting('linkedom') as Page;
const { window } = parseHTML('<!doctype html><html><head></head><body></body></html>');
Object.assign(window.Element.prototype, measured);
const context = createContext({
  ...{ window, document: window['document'], Element: window.Element, Node: window['Node'] },
  ...{ DOMParser: window['DOMParser'], XMLSerializer: window['XMLSerializer'], CSSStyleSheet: StyleSheet },
  ...{ structuredClone, console, URL, setTimeout, clearTimeout, performance },
  ...{ navigator: { userAgent: '' }, getComputedStyle: () => ({}) },
});
runInContext(readFileSync(ofTesting.resolve('@mermaid-js/tiny'), 'utf8'), context);
const mermaid = runInContext('globalThis.mermaid', context) as {
  initialize(settings: object): void;
  parse(text: string): Promise<{ diagramType: string }>;
  render(id: string, text: string): Promise<{ svg: string }>;
};
// GitHub's level `strict` needs a whole browser. It changes only what links and HTML in labels may do.
mermaid.initialize({ startOnLoad: false, securityLevel: 'loose' });

/** Returns the error of Mermaid's own parser for a diagram; `undefined` if the diagram is valid. */
export async function mermaidError(diagram: string): Promise<string | undefined> {
  try {
    await mermaid.parse(diagram);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** What a reader sees of a chart that Mermaid drew. */
export interface DrawnChart {
  title: string;
  /** The colour and the number of points of each line. */
  lines: { colour: string; points: number }[];
  /** Number of bars, and how many of them are higher than 0. */
  bars: { all: number; high: number };
  xLabels: string[];
  yLabels: string[];
  xTitle: string;
  yTitle: string;
  height: number;
}

/** Draws an xychart with Mermaid, and reads the picture. @throws what Mermaid throws if it cannot draw it */
export async function drawChart(diagram: string): Promise<DrawnChart> {
  const { svg } = await mermaid.render('drawn', diagram);
  const drawn = (parseHTML(svg).window as unknown as { document: Drawn }).document;
  const texts = (selector: string): string[] =>
    [...drawn.querySelectorAll(selector)].map(({ textContent }) => textContent);
  const lines = [...drawn.querySelectorAll('g.plot path')].map((path) => ({
    colour: path.getAttribute('stroke'),
    points: path.getAttribute('d').split(/[ML]/).length - 1,
  }));
  const heights = [...drawn.querySelectorAll('g.plot rect')].map((bar) => Number(bar.getAttribute('height')));
  return {
    title: texts('g.chart-title text').join(''),
    lines,
    bars: { all: heights.length, high: heights.filter((height) => height > 0).length },
    xLabels: texts('g.bottom-axis g.label text'),
    yLabels: texts('g.left-axis g.label text'),
    xTitle: texts('g.bottom-axis g.title text').join(''),
    yTitle: texts('g.left-axis g.title text').join(''),
    height: Number(
      [...drawn.querySelectorAll('svg')][0]?.getAttribute('viewBox').split(' ')[3] ?? Number.NaN,
    ),
  };
}
