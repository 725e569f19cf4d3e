import { describe, expect, test } from 'vitest'
import { shownUrl } from '../../src/client/shown-url.ts'

describe('a URL as it may be shown', () => {
  test.each([
    ['ws://h.example/a?b=c@d'],
    ['ws://h.example/@scope/name'],
    ['ws+unix:/run/a@b.sock:/x'],
    ['nonsense'],
    [''],
    ['ws://h:99999/'],
  ])('%s stays as it is', (url) => {
    expect(shownUrl(url)).toBe(url)
  })

  test.each([
    ['ws://user:secret@h.example/a@b', 'ws://h.example/a@b'],
    ['ws://secret@h.example', 'ws://h.example'],
    ['ws:user:secret@h.example/', 'ws:h.example/'],
    ['ws:\\\\user:secret@h.example/', 'ws:\\\\h.example/'],
    ['  ws://user:sec@ret@h.example/', '  ws://h.example/'],
    // No URLs: what breaks them is often an unencoded character in the password.
    ['ws://user:sec/ret@h.example/', 'ws://h.example/'],
    ['ws://user:sec?ret@h.example/', 'ws://h.example/'],
    ['ws://user:sec#ret@h.example/', 'ws://h.example/'],
    ['ws://user:secret@h.example:99999/', 'ws://h.example:99999/'],
    ['user:secret@h.example', 'h.example'],
    ['gopher://user:secret@h.example/', 'gopher://h.example/'],
  ])('%s is shown as %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown)
  })
})
