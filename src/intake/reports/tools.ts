import type { ReportTool } from '../../core/reports/report-summary.ts';

/** Each name and version once, in their order. */
export function distinctTools(tools: readonly ReportTool[]): readonly ReportTool[] {
  return [...new Map(tools.map((tool) => [`${tool.name}\0${tool.version}`, tool])).values()];
}
