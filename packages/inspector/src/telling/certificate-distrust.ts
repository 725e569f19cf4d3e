import type { Text } from 'centouno/telling'

/** The codes of a certificate that was shown and not believed: the client decided that. */
const distrust: ReadonlySet<string> = new Set([
  'SECURE_SELF_SIGNED',
  'SECURE_UNKNOWN_AUTHORITY',
  'SECURE_EXPIRED',
  'SECURE_NOT_YET_VALID',
  'SECURE_WRONG_NAME',
  'SECURE_CHAIN_INCOMPLETE',
  'SECURE_CERTIFICATE_REJECTED',
])

/** Whether an attempt failed because the client did not believe the server's certificate. */
export function isDistrust(code: string): boolean {
  return distrust.has(code)
}

/** How to look nevertheless. The engine's hints name its options; who inspects has other means. */
export const lookNevertheless: { readonly command: Text; readonly page: Text } = {
  command: {
    en: 'To look nevertheless, add --insecure.',
    zh: '如果仍想查看，请加上 --insecure。',
  },
  page: {
    en: 'To look nevertheless, tick “Accept any certificate” in the request settings.',
    zh: '如果仍想查看，请在“请求设置”中勾选“接受任何证书”。',
  },
}
