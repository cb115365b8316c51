import { CircleHelp, Fingerprint, type LucideIcon, PenLine, ScanEye, ShieldCheck, Sparkles, Waves } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Answer_verification$key } from '~/__generated__/Answer_verification.graphql';
import { AiMark } from '~/ai/AiMark';
import { buttonClass } from '~/design/Button';
import { useFormat } from '~/i18n/format';
import { useLanguage, useText } from '~/i18n/language';
import { places } from '~/routing/places';
import styles from './Answer.module.css';
import { Statements } from './Statements';

const SIGNS: Record<string, LucideIcon> = {
  MADE_HERE: ShieldCheck,
  PROBABLY_MADE_HERE: ShieldCheck,
  MADE_WITH_AI: Sparkles,
  LOOKS_ALIKE: ScanEye,
};
const KINDS: Record<string, LucideIcon> = { SIGNATURE: PenLine, MARK: Waves, LIKENESS: Fingerprint };
const STEPS: Record<string, number> = { CERTAIN: 3, STRONG: 2, WEAK: 1 };

/** What is known of a picture: the verdict, the proofs that held, what may be told of it, what it says of itself. */
export function Answer({ verification: key, shown }: { verification: Answer_verification$key; shown: string | null }) {
  const text = useText().verify;
  const format = useFormat();
  const percent = new Intl.NumberFormat(useLanguage(), { style: 'percent' });
  const head = useRef<HTMLHeadingElement>(null);
  const told = useFragment(
    graphql`
      fragment Answer_verification on ImageVerification {
        verdict
        proofs {
          kind
          certainty
          strength
          isMirrored
        }
        known {
          madeAt
          making {
            engine
            model
          }
          image {
            url(size: MEDIUM)
            altText
            generated
            aiDisclosure {
              kind
              basis
            }
          }
          source {
            id
            author {
              displayName
            }
          }
          parents {
            id
            url(size: SMALL)
          }
        }
        ...Statements_verification
      }
    `,
    key,
  );
  useEffect(() => head.current?.focus({ preventScroll: true }), []);
  const [title, sentence] = text.verdicts[told.verdict] ?? ['', ''];
  const Sign = SIGNS[told.verdict] ?? CircleHelp;
  const known = told.known;
  const hidden = !known && told.proofs.length > 0;
  return (
    <article className={styles.answer} data-verdict={told.verdict}>
      <header className={styles.verdict}>
        <span className={styles.sign} aria-hidden="true">
          <Sign />
        </span>
        <h2 ref={head} tabIndex={-1}>
          {title}
        </h2>
        <p>{sentence}</p>
      </header>
      {(shown || known?.image.url) && (
        <div className={styles.pictures}>
          {shown && (
            <figure>
              <img src={shown} alt={text.handedIn} />
              <figcaption>{text.handedIn}</figcaption>
            </figure>
          )}
          {known?.image.url && (
            <figure>
              <img src={known.image.url} alt={known.image.altText || text.ours} />
              <figcaption>
                {text.ours} <AiMark disclosure={known.image.aiDisclosure} inline />
              </figcaption>
            </figure>
          )}
        </div>
      )}
      {told.proofs.length > 0 && (
        <section className={styles.section}>
          <h3>{text.proofs}</h3>
          <ul className={styles.proofs}>
            {told.proofs.map((proof) => {
              const Kind = KINDS[proof.kind] ?? Fingerprint;
              const [name, what] = text.kindsOfProof[proof.kind] ?? [proof.kind, ''];
              return (
                <li key={proof.kind}>
                  <Kind aria-hidden="true" />
                  <div>
                    <strong>{name}</strong>
                    <p>{what}</p>
                    <p className={styles.figure}>
                      {proof.kind === 'MARK' && text.score(percent.format(proof.strength))}
                      {proof.kind === 'LIKENESS' && text.bits(percent.format(proof.strength))}
                      {proof.isMirrored && ` · ${text.mirrored}`}
                    </p>
                  </div>
                  <span className={styles.certainty} data-steps={STEPS[proof.certainty] ?? 0}>
                    <i aria-hidden="true" />
                    {text.certainties[proof.certainty]}
                  </span>
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {(known || hidden) && (
        <section className={styles.section}>
          <h3>{text.known}</h3>
          {hidden && <p className={styles.unseen}>{text.unseen}</p>}
          <dl className={styles.facts}>
            {known && (
              <div>
                <dt>{known.image.generated ? text.madeAt : text.cameAt}</dt>
                <dd>{format.moment(known.madeAt)}</dd>
              </div>
            )}
            {known?.making && (
              <div>
                <dt>{text.engine}</dt>
                <dd>{`${known.making.engine} · ${known.making.model}`}</dd>
              </div>
            )}
          </dl>
          {known?.source && (
            <p className={styles.source}>
              <Link to={places.post(known.source.id)} className={buttonClass({ small: true })}>
                {text.post}
              </Link>
              <span>{text.by(known.source.author.displayName)}</span>
            </p>
          )}
          {known && known.parents.length > 0 && (
            <>
              <h4>{text.parents}</h4>
              <p className={styles.parents}>
                {known.parents.map(
                  ({ id, url }) =>
                    url && (
                      <Link key={id} to={`${places.verify}?${new URLSearchParams({ image: id })}`}>
                        <img src={url} alt={text.parent} />
                      </Link>
                    ),
                )}
              </p>
            </>
          )}
        </section>
      )}
      <Statements verification={told} />
    </article>
  );
}
