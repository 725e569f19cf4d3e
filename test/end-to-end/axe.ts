import axeCore from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe finds serious on the page as it stands: what, where, and why.
 *
 * @param where What is looked at: all of the page where it is left out.
 */
export async function seriousFaults(page: Page, where = 'html'): Promise<string[]> {
  // Not as a script element: the page's Content-Security-Policy lets no foreign one run.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeCore.source)
  return page.evaluate(audit, where)
}

/** Runs in the page. */
async function audit(where: string): Promise<string[]> {
  const { axe } = globalThis as unknown as {
    axe: {
      run(
        where: string,
        options: { resultTypes: readonly string[] },
      ): Promise<{
        passes: unknown[]
        violations: {
          id: string
          impact: string
          nodes: { target: string[]; html: string; failureSummary: string }[]
        }[]
      }>
    }
  }
  // What is in order need not be described.
  const { passes, violations } = await axe.run(where, { resultTypes: ['violations'] })
  if (passes.length < 10) throw new Error('axe has looked at nothing.')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(' ')} ${html} ${failureSummary}`),
    )
}
