type Line = readonly string[]

/** Lines in columns for a terminal: names to the left, figures to the right. Columns that nobody fills are left out. */
export function alignTable(header: Line, lines: readonly Line[]): string {
  const shown = filledColumns(header, lines)
  const all = [header, ...lines].map((line) => shown.map((column) => line[column] ?? ''))
  const widths = shown.map((_, at) => Math.max(...all.map((line) => line[at]?.length ?? 0)))
  const align = (line: Line): string =>
    line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')
  return all.map((line) => align(line).trimEnd()).join('\n')
}

export function markdownTable(header: Line, lines: readonly Line[]): string {
  const shown = filledColumns(header, lines)
  const pick = (line: Line): string => `| ${shown.map((column) => line[column] ?? '').join(' | ')} |`
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'))
  return [pick(header), pick(rule), ...lines.map(pick)].join('\n')
}

function filledColumns(header: Line, lines: readonly Line[]): number[] {
  return header.flatMap((_, column) => (column === 0 || lines.some((line) => line[column]) ? [column] : []))
}
