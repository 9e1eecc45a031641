import { type MarkdownConfig, parser as commonMark, Table } from '@lezer/markdown';

/** Where something is in a text, in UTF-16 units. */
export interface Range {
  from: number;
  to: number;
}

/** The address of a link or an image, in Markdown or HTML. */
export interface Address extends Range {
  /** As it is written, without the angle brackets or quotes around it. The range includes the brackets. */
  text: string;
}

/** What a release needs to know about a page. */
export interface Markup {
  /** The addresses of links and images, in the order of the text. */
  addresses: Address[];
  /** Code, in which nothing is a link or a comment. */
  code: Range[];
}

/** Columns that a paragraph of a footnote is indented by. */
const footnoteIndent = 4;

/** GitHub's footnotes: `[^1]: text`, and indented paragraphs. CommonMark would read some of them as link definitions. */
const footnotes: MarkdownConfig = {
  defineNodes: [
    {
      name: 'FootnoteDefinition',
      composite: (_context, line, indent) => {
        const isBlank = line.next < 0;
        if (!isBlank && line.indent < line.baseIndent + indent) return false;
        line.moveBaseColumn(line.baseIndent + indent);
        return true;
      },
    },
  ],
  parseBlock: [
    {
      name: 'FootnoteDefinition',
      before: 'HTMLBlock',
      parse: (context, line) => {
        const [label] = /^\[\^[^\s\]]+\]:\s*/.exec(line.text.slice(line.pos)) ?? [];
        if (label === undefined) return false;
        context.startComposite('FootnoteDefinition', line.pos, footnoteIndent);
        line.moveBase(line.pos + label.length);
        return null;
      },
    },
  ],
};

const parser = commonMark.configure([Table, footnotes]);

/** Finds the addresses and the code of a Markdown page, as GitHub reads it. */
export function readMarkup(text: string): Markup {
  const markup: Markup = { addresses: [], code: [] };
  parser.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      if (['InlineCode', 'FencedCode', 'CodeBlock'].includes(name)) markup.code.push({ from, to });
      else if (['HTMLTag', 'HTMLBlock'].includes(name))
        markup.addresses.push(...htmlAddresses(text, from, to));
      // A URL elsewhere is an address that is its own text, such as `<https://example.com>`.
      else if (name === 'URL' && ['Link', 'Image', 'LinkReference'].includes(node.parent?.name ?? ''))
        markup.addresses.push({ from, to, text: text.slice(from, to).replace(/^<(.*)>$/s, '$1') });
    },
  });
  return markup;
}

const attribute = /\s+([\w:.-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const tag = new RegExp(`<[a-z][\\w-]*(?:${attribute.source})*\\s*/?>`, 'gi');
const withAddress = new Set(['href', 'src', 'srcset', 'cite', 'longdesc']);

/** Returns the addresses in the attributes of HTML tags. */
function htmlAddresses(text: string, from: number, to: number): Address[] {
  return [...text.slice(from, to).matchAll(tag)].flatMap((found) =>
    [...found[0].matchAll(attribute)].flatMap((match) => {
      const [whole, name = '', ...values] = match;
      const value = values.find((one) => one !== undefined);
      if (value === undefined || !withAddress.has(name.toLowerCase())) return [];
      const isQuoted = /["']$/.test(whole);
      const start = from + found.index + match.index + whole.length - value.length - (isQuoted ? 1 : 0);
      return name.toLowerCase() === 'srcset' ? candidates(value, start) : [addressAt(value, start)];
    }),
  );
}

/** Returns the addresses of `srcset`, such as `small.png 1x, large.png 2x`. A comma ends one only before white space. */
function candidates(value: string, start: number): Address[] {
  return [...value.matchAll(/([^\s,](?:\S*[^\s,])?),?(?:\s+[^,\s]+\s*(?:,|$)|\s+|$)/g)].map((match) =>
    addressAt(match[1] ?? '', start + match.index),
  );
}

function addressAt(text: string, from: number): Address {
  return { from, to: from + text.length, text };
}
