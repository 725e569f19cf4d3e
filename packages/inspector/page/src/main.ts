import { createApp } from 'vue'
import App from './App.vue'
import { settleLanguage } from './language.ts'
import './style.css'

settleLanguage()
createApp(App).mount('#page')
