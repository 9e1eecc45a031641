import { details, escapeMarkdown, formatBytes, formatDuration } from '@runner-actions/core';
import { gpusOf } from '../figures/gpus.ts';
import { heaviestProcesses } from '../figures/heaviest.ts';
import type { Settings } from '../inputs.ts';
import { toMermaid } from './chart.ts';
import { joinSections, type Section } from './fit-sections.ts';
import { chartsOf } from './job-charts.ts';
import { leadSentences } from './lead-sentences.ts';
import { renderMetrics, renderOneRow } from './metric-table.ts';
import { notes, problems, type Reported } from './report.ts';
import { type Marks, marksOf, renderKinds, renderSteps } from './step-table.ts';
import { renderGpus, renderProcesses } from './use-tables.ts';

/** Renders this action's part of the job summary: numbers first, notes last. */
export function renderSummary(reported: Reported, charts: Settings['charts']): string {
  const title = { text: '### Job metrics' };
  const told = { text: problems(reported).map(quoted).join('\n\n') };
  const lead = { text: listOf(leadSentences(reported)) };
  const marks = marksOf(reported.job, reported.figures.points);
  const metrics = { text: renderMetrics(reported, charts === 'text') };
  const drawn = charts === 'mermaid' ? drawCharts(reported, marks) : [];
  const last = detailsOf(reported, marks, charts);
  if (charts !== 'text') return joinSections([title, told, lead, metrics, ...drawn, ...last]);
  // One row a job: the page of a large matrix shows the summaries of all its jobs.
  const folded = joinSections([lead, metrics, ...last]).trimEnd();
  const row = { text: renderOneRow(reported) };
  return joinSections([title, row, told, { text: details('All figures', folded), detail: 'all figures' }]);
}

function drawCharts(reported: Reported, marks: Marks): Section[] {
  return chartsOf(reported, marks).flatMap((chart) => {
    const text = toMermaid(chart);
    return text === undefined ? [] : [{ text: `\`\`\`mermaid\n${text}\n\`\`\``, detail: 'a chart' }];
  });
}

function detailsOf(reported: Reported, marks: Marks, charts: Settings['charts']): Section[] {
  const { series, figures, job } = reported;
  const kinds = job === undefined || 'unknown' in job ? [] : job.use.kinds;
  const drawing = {
    ...(charts === 'mermaid' ? { marks } : {}),
    ...(charts === 'none' ? {} : { seconds: figures.durationSeconds }),
  };
  const steps = job === undefined ? '' : renderSteps(job, drawing);
  return [
    { text: steps, detail: 'the steps' },
    { text: renderKinds(kinds) },
    { text: renderProcesses(heaviestProcesses(series.samples)), detail: 'the processes' },
    { text: renderGpus(gpusOf(series.samples)), detail: 'the GPUs' },
    { text: measuredSentence(reported) },
    { text: notes(reported).map(quoted).join('\n\n') },
  ];
}

function measuredSentence({ series, figures }: Reported): string {
  const { head } = series;
  const cores = Number(head.cores.value.toFixed(2));
  // The job can write to the series file, so escape its texts.
  const [ofCores, ofMemory] = [head.cores, head.memory].map(({ source }) => escapeMarkdown(source));
  const limits = `${cores} CPUs (${ofCores}), ${formatBytes(head.memory.value)} of memory (${ofMemory})`;
  return `${figures.samples} samples in ${formatDuration(figures.durationSeconds * 1000)}; limits: ${limits}.`;
}

/** The sentences can hold names and texts of strangers. */
function quoted(sentence: string): string {
  return `> ${escapeMarkdown(sentence)}`;
}

function listOf(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}
