import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Relative addresses, so that the agent may serve the page from any path; everything the page needs is in its own
// folder, so that it works without a network and under a strict Content-Security-Policy.
export default defineConfig({
  base: './',
  plugins: [vue()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
