import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { graphql } from 'react-relay/hooks';
import type { LooksMutation } from '~/__generated__/LooksMutation.graphql';
import { Segments } from '~/design/Segments';
import { chooseTheme, theme } from '~/design/theme';
import { LANGUAGES, type Language, speak, useLanguage, useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { useViewer } from '~/session/viewer';
import { Row, Section } from './Section';

/** Theme and language, of this browser; whoever is signed in is written to in the language they choose. */
export function Looks() {
  const text = useText();
  const now = useLanguage();
  const viewer = useViewer();
  const [write] = useAction<LooksMutation>(graphql`
    mutation LooksMutation($input: UpdatePreferencesInput!) {
      updatePreferences(input: $input) {
        viewer {
          language
        }
        userErrors {
          code
        }
      }
    }
  `);
  /** The page of this browser, and mail to whoever is signed in. */
  const choose = (next: Language) => {
    void speak(next);
    if (viewer) write({ input: { language: next.toUpperCase() } });
  };
  const shown = useSyncExternalStore(theme.subscribe, theme.get);
  return (
    <Section title={text.settings.looks}>
      <Row label={text.theme.label}>
        <Segments
          label={text.theme.label}
          value={shown}
          onChange={chooseTheme}
          options={[
            { value: 'system', label: text.theme.system, icon: <Monitor aria-hidden="true" /> },
            { value: 'light', label: text.theme.light, icon: <Sun aria-hidden="true" /> },
            { value: 'dark', label: text.theme.dark, icon: <Moon aria-hidden="true" /> },
          ]}
        />
      </Row>
      <Row label={text.language.label}>
        <Segments
          label={text.language.label}
          value={now}
          onChange={choose}
          options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
        />
      </Row>
    </Section>
  );
}
