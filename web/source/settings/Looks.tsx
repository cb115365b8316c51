import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Segments } from '~/design/Segments';
import { chooseTheme, theme } from '~/design/theme';
import { LANGUAGES, type Language, speak, useLanguage, useText } from '~/i18n/language';
import { Row, Section } from './Section';

/** Theme and language, of this browser. */
export function Looks() {
  const text = useText();
  const now = useLanguage();
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
          onChange={speak}
          options={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
        />
      </Row>
    </Section>
  );
}
