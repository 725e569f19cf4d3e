import '../../src/native/provide-kernels.ts'
import { kernels } from '../../src/protocol/kernels.ts'
import { sharedReading } from '../../src/transport/shared-reading.ts'

/*
 * Switches quick paths off, so that the suites run on the plain ones: `PLAIN_PATHS=masking,text,reading npx vitest run
 * packages/centouno`, or some of the three. Programs that tests start on their own are not reached.
 */
const plain = new Set(process.env['PLAIN_PATHS']?.split(','))
if (plain.has('masking')) kernels.masking = undefined
if (plain.has('text')) kernels.text = undefined
if (plain.has('reading')) sharedReading.enabled = false
