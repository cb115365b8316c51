import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Evidence_case$key } from '~/__generated__/Evidence_case.graphql';
import { useFormat } from '~/i18n/format';
import { moderationWords } from '~/report/words';
import { places } from '~/routing/places';
import styles from './Desk.module.css';

/** What reports handed over, as it was then. */
export function Evidence({ node }: { node: Evidence_case$key }) {
  const words = moderationWords.useText();
  const format = useFormat();
  const { evidence, post } = useFragment(
    graphql`
      fragment Evidence_case on ModerationCase {
        post {
          id
        }
        evidence {
          text
          warning
          at
          images {
            id
            url(size: MEDIUM)
            altText
          }
          context {
            text
            at
            user {
              handle
            }
          }
        }
      }
    `,
    node,
  );
  return (
    <section className={styles.part}>
      <h2>{words.evidence}</h2>
      {evidence.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what was handed over is only ever added to
        <div key={place} className={styles.evidence}>
          {one.context.length > 0 && (
            <section className={styles.context} aria-label={words.before}>
              {one.context.map(({ text, at, user }) => (
                <p key={at} dir="auto">
                  <span className={styles.strong}>{user ? words.of(user.handle) : words.anonymous}</span> {text}
                </p>
              ))}
            </section>
          )}
          {one.warning && <p className={styles.soft}>{one.warning}</p>}
          <p dir="auto" className={one.text ? undefined : styles.note}>
            {one.text || words.nothingSaid}
          </p>
          {one.images.length > 0 && (
            <div className={styles.pictures}>
              {one.images.map(
                ({ id, url, altText }) =>
                  url && <img key={id} className={styles.picture} src={url} alt={altText} loading="lazy" />,
              )}
            </div>
          )}
          <span className={styles.note}>
            <time dateTime={one.at}>{format.moment(one.at)}</time>
          </span>
        </div>
      ))}
      {post && (
        <p className={styles.note}>
          <Link to={places.post(post.id)}>{words.see}</Link>
        </p>
      )}
    </section>
  );
}
