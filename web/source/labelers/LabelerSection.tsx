import { graphql, useFragment } from 'react-relay/hooks';
import type { LabelerSection_user$key } from '~/__generated__/LabelerSection_user.graphql';
import { LabelerCard } from './LabelerCard';
import styles from './Labelers.module.css';
import { labelerWords } from './words';

/** On the profile of a labeler: its labels, and the button to listen. */
export default function LabelerSection({ user: key }: { user: LabelerSection_user$key }) {
  const words = labelerWords.useText();
  const user = useFragment(
    graphql`
      fragment LabelerSection_user on User {
        ...LabelerCard_user
      }
    `,
    key,
  );
  return (
    <section className={styles.section} aria-label={words.section}>
      <h3>{words.section}</h3>
      <LabelerCard user={user} />
    </section>
  );
}
