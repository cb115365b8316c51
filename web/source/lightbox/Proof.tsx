import { Check, FileText, Fingerprint, type LucideIcon, Minus, PenLine, ScanSearch, Waves } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Proof_image$key } from '~/__generated__/Proof_image.graphql';
import { useText } from '~/i18n/language';
import { lightbox } from '~/post/lightbox';
import { places } from '~/routing/places';
import styles from './Proof.module.css';

/** By what a picture can be known again wherever it is found: what each proof says, and the way to check it. */
export function Proof({ image: key }: { image: Proof_image$key }) {
  const { proof: text, verify } = useText();
  const { id, generated, provenance } = useFragment(
    graphql`
      fragment Proof_image on Image {
        id
        generated
        provenance {
          sourceType
          isMarked
          isHashed
          credentials {
            generator
            standing
            issuedHere
          }
        }
      }
    `,
    key,
  );
  const { credentials, sourceType, isMarked, isHashed } = provenance;
  const signed = credentials
    ? credentials.issuedHere
      ? text.signed
      : text.came(credentials.generator, verify.standings[credentials.standing] ?? '')
    : text.unsigned;
  const rows: [LucideIcon, string, string, boolean][] = [
    [PenLine, text.credentials, signed, Boolean(credentials) && credentials?.standing !== 'INVALID'],
    [Waves, text.mark, isMarked ? text.marked : generated ? text.unmarked : text.uploaded, isMarked],
    [Fingerprint, text.looks, isHashed ? text.hashed : text.plain, isHashed],
    [
      FileText,
      text.declared,
      sourceType ? text.says(verify.sourceTypes[sourceType] ?? sourceType) : text.silent,
      Boolean(sourceType),
    ],
  ];
  return (
    <section className={styles.proof}>
      <h3>{text.title}</h3>
      <ul className={styles.list}>
        {rows.map(([Icon, name, what, there]) => (
          <li key={name} data-there={there || undefined}>
            <Icon aria-hidden="true" />
            <div>
              <strong>{name}</strong>
              <p>{what}</p>
            </div>
            {there ? <Check role="img" aria-label={text.there} /> : <Minus role="img" aria-label={text.notThere} />}
          </li>
        ))}
      </ul>
      <Link
        to={`${places.verify}?${new URLSearchParams({ image: id })}`}
        className={styles.check}
        onClick={() => lightbox.set(null)}
      >
        <ScanSearch aria-hidden="true" />
        {verify.link}
      </Link>
    </section>
  );
}
