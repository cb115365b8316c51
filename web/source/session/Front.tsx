import { type CSSProperties, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { buttonClass } from '~/design/Button';
import { useText } from '~/i18n/language';
import { places } from '~/routing/places';
import { Foot } from '~/shell/Foot';
import { Mark } from '~/shell/Mark';
import styles from './Front.module.css';
import { Niche } from './Niche';
import { useHung } from './useHung';

/** How high each arch of the row is, in parts of the highest. */
const ARCHES = [0.62, 0.8, 1, 0.74, 0.9, 0.66];

/** What who is nobody yet sees first: what Fresque is, shown by what hangs here just now. It has the window for itself. */
export default function Front() {
  const text = useText();
  const { front, session } = text;
  const hung = useHung(ARCHES.length);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) head.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <title>{`${front.title} · ${text.name}`}</title>
      <main className={styles.front} id="content" data-front="">
        <header className={styles.top}>
          <Mark word />
          <nav className={styles.ways} aria-label={text.places.signUp}>
            <Link to={places.explore} className={buttonClass({ look: 'plain' })}>
              {text.places.explore}
            </Link>
            <Link to={places.logIn} className={buttonClass({ look: 'quiet' })}>
              {session.logIn}
            </Link>
          </nav>
        </header>
        <section className={styles.hero}>
          <h1 ref={head} tabIndex={-1}>
            {front.claim.map((sentence) => (
              <span key={sentence}>{sentence} </span>
            ))}
          </h1>
          <div className={styles.lead}>
            <p>{text.explore.welcomeText}</p>
            <div className={styles.buttons}>
              <Link to={places.signUp} className={buttonClass()}>
                {session.signUp}
              </Link>
              <Link to={places.explore} className={buttonClass({ look: 'plain' })}>
                {front.look}
              </Link>
            </div>
          </div>
        </section>
        {hung?.length !== 0 && (
          <section aria-label={front.latest}>
            <ul className={styles.arches}>
              {ARCHES.slice(0, hung?.length).map((height, index) => (
                <li
                  // biome-ignore lint/suspicious/noArrayIndexKey: an arch is its place
                  key={index}
                  style={{ '--height': height, '--turn': index } as CSSProperties}
                >
                  <Niche hung={hung?.[index]} eager />
                </li>
              ))}
            </ul>
          </section>
        )}
        <ol className={styles.steps}>
          {front.steps.map(({ title, text: words }) => (
            <li key={title}>
              <h2>{title}</h2>
              <p>{words}</p>
            </li>
          ))}
        </ol>
        <section className={styles.last}>
          <h2>{front.last}</h2>
          <Link to={places.signUp} className={buttonClass()}>
            {session.signUp}
          </Link>
        </section>
        <Foot />
      </main>
    </>
  );
}
