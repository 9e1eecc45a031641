/** A part of the summary. */
export interface Section {
  text: string;
  /** Set for details: the name of what is lost if the section is left out. */
  detail?: string;
}

/** Bytes. Below the limit of a step's summary, where `core` would cut the text off. */
const limit = 850 * 1024;

/** Joins the sections. Over the limit, it leaves out details, the last one first, and says so. */
export function joinSections(sections: readonly Section[], most = limit): string {
  const kept = sections.filter(({ text }) => text !== '');
  const dropped: string[] = [];
  const size = (): number => kept.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 2, 0);
  while (size() > most) {
    const index = kept.findLastIndex(({ detail }) => detail !== undefined);
    const [section] = index === -1 ? [] : kept.splice(index, 1);
    if (section?.detail === undefined) break;
    dropped.unshift(section.detail);
  }
  const said =
    dropped.length === 0
      ? []
      : [
          `_Left out, because the summary would be too long: ${dropped.join(', ')}. The report has everything._`,
        ];
  return `${[...kept.map(({ text }) => text), ...said].join('\n\n')}\n`;
}
