import { TriangleAlert } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Statements_verification$key } from '~/__generated__/Statements_verification.graphql';
import { useText } from '~/i18n/language';
import styles from './Answer.module.css';

/** What a file says of itself: Content Credentials, and the source type that it declares. */
export function Statements({ verification: key }: { verification: Statements_verification$key }) {
  const text = useText().verify;
  const { credentials, declaredSourceType } = useFragment(
    graphql`
      fragment Statements_verification on ImageVerification {
        declaredSourceType
        credentials {
          standing
          changedAfterSigning
          generator
          signer
          sourceTypes
          ancestorCount
        }
      }
    `,
    key,
  );
  if (!credentials && !declaredSourceType) return null;
  const said = (word: string) => text.sourceTypes[word] ?? word;
  const facts: [string, string][] = [];
  if (credentials?.generator) facts.push([text.generator, credentials.generator]);
  if (credentials?.signer) facts.push([text.signer, credentials.signer]);
  if (credentials?.sourceTypes.length) facts.push([text.sourceType, credentials.sourceTypes.map(said).join(', ')]);
  else if (declaredSourceType) facts.push([text.declared, said(declaredSourceType)]);
  if (credentials?.ancestorCount) facts.push([text.ancestors, String(credentials.ancestorCount)]);
  return (
    <section className={styles.section}>
      <h3>{text.says}</h3>
      {credentials && (
        <p className={styles.standing} data-standing={credentials.standing}>
          {text.standings[credentials.standing]}
        </p>
      )}
      {credentials?.changedAfterSigning && (
        <p className={styles.changed}>
          <TriangleAlert aria-hidden="true" /> {text.changed}
        </p>
      )}
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
