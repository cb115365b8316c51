import '~/design/tokens.css';
import '~/design/ground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RelayEnvironmentProvider } from 'react-relay/hooks';
import { RouterProvider } from 'react-router/dom';
import { Toasts } from '~/design/Toast';
import { Tooltips } from '~/design/Tooltip';
import { language, learn } from '~/i18n/language';
import { environment } from '~/relay/environment';
import { lookForUpdate } from '~/routing/later';
import { router } from '~/routing/router';

// A page's code is gone: a newer client was deployed while this one was open.
addEventListener('vite:preloadError', () => void lookForUpdate());

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
void learn(language()).then(() =>
  createRoot(root).render(
    <StrictMode>
      <RelayEnvironmentProvider environment={environment}>
        <RouterProvider router={router} />
        <Toasts />
        <Tooltips />
      </RelayEnvironmentProvider>
    </StrictMode>,
  ),
);
