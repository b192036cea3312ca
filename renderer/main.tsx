import './design/tokens.css';
import './design/reset.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startTexts } from './i18n/i18n.ts';

async function start(): Promise<void> {
  await startTexts();
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}

void start();
