import { Link } from 'react-router';
import { LANGUAGES, type Language, speak, useLanguage, useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Foot.module.css';
import { openHelp } from './help';

/** Small print: the other language, the shortcuts. */
export function Foot() {
  const text = useText();
  const now = useLanguage();
  const others = (Object.keys(LANGUAGES) as Language[]).filter((language) => language !== now);
  return (
    <footer className={styles.foot}>
      <span>{text.name}</span>
      {others.map((language) => (
        <button key={language} type="button" lang={language} onClick={() => void speak(language)}>
          {LANGUAGES[language]}
        </button>
      ))}
      <button type="button" onClick={openHelp}>
        {text.shortcuts.title}
      </button>
      <Link to={places.verify}>{text.verify.title}</Link>
    </footer>
  );
}
