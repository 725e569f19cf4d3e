import { ref, watchEffect } from 'vue'
import type { Ref } from 'vue'
import { fillText } from 'centouno/telling'
import type { CodeDetails, Language, Text } from 'centouno/telling'
import { recall, remember } from './stored.ts'

const storageKey = 'centouno.language'

/** The language to begin with: the remembered one, or the first of the browser's that the page speaks. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): Language {
  if (remembered === 'en' || remembered === 'zh') return remembered
  const known = preferred.find((tag) => /^(en|zh)\b/i.test(tag))
  return known?.toLowerCase().startsWith('zh') === true ? 'zh' : 'en'
}

/** The language the page speaks. */
export const language: Ref<Language> = ref('en')

/** A text in the page's language, its `{places}` filled. */
export function say(text: Text, details?: CodeDetails): string {
  return (details === undefined ? text : fillText(text, details))[language.value]
}

/** Settles the language, and from then on remembers it and tells the document of it. */
export function settleLanguage(): void {
  language.value = firstLanguage(recall(storageKey), navigator.languages)
  watchEffect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
    remember(storageKey, language.value)
  })
}
