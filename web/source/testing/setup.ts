import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { learn } from '~/i18n/language';

// What is waited for is loaded when it is first shown, which takes seconds on a busy machine.
configure({ asyncUtilTimeout: 15_000 });
afterEach(cleanup);
await Promise.all([learn('en'), learn('fr')]);
