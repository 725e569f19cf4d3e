import { readonly, ref } from 'vue'
import type { DeepReadonly, Ref } from 'vue'

const query = matchMedia('(min-width: 1040px)')
const matches = ref(query.matches)
query.addEventListener('change', () => (matches.value = query.matches))

/** Wide enough for two columns; else what is in the second becomes a view beside the others. */
export const isWide: DeepReadonly<Ref<boolean>> = readonly(matches)
