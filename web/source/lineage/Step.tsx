import { EyeOff, Undo2 } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import { Link } from 'react-router';
import type { Step_step$key } from '~/__generated__/Step_step.graphql';
import { AiMark } from '~/ai/AiMark';
import { useShowing } from '~/ai/viewing';
import { Avatar } from '~/design/Avatar';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { Standing } from '~/remix/Standing';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import styles from './Lineage.module.css';

/** One picture of a line: who made it, how, and what changed in its prompt; or why it is not shown. */
export function Step({
  step: key,
  here = false,
  sourceAuthorId,
  onTurned,
}: {
  step: Step_step$key;
  here?: boolean;
  /** Whose picture it was made from; they may stand by it no longer. */
  sourceAuthorId?: string | undefined;
  onTurned?: () => void;
}) {
  const text = useText();
  const me = useViewer()?.id;
  const words = text.lineage;
  const step = useFragment(
    graphql`
      fragment Step_step on LineageStep {
        depth
        reason
        permission
        kind
        promptChange {
          change
          text
        }
        post {
          id
          version
          remixCount
          author {
            id
            handle
            displayName
            avatar {
              url(size: SMALL)
            }
          }
        }
        image {
          id
          url(size: SMALL)
          width
          height
          blurhash
          altText
          aiDisclosure {
            kind
            basis
          }
        }
      }
    `,
    key,
  );
  const { post, image, reason } = step;
  const showing = useShowing(post?.author.id ?? '');
  if (reason || !image) {
    return (
      <div className={`${styles.step} ${styles.hole}`}>
        <EyeOff aria-hidden="true" />
        <p>{words.hole[(reason ?? 'NOT_VISIBLE') as keyof typeof words.hole]}</p>
      </div>
    );
  }
  const veiled = !here && ['BLUR', 'HIDE'].includes(showing(image));
  return (
    <article className={styles.step} data-step={step.depth}>
      <Link to={here && post ? places.post(post.id) : places.lineage(image.id)} className={styles.picture}>
        <Picture image={image} src={veiled ? null : image.url} ratio={1} />
        <AiMark disclosure={image.aiDisclosure} small />
      </Link>
      <div className={styles.told}>
        {post && (
          <Link to={places.person(post.author.handle)} className={styles.who}>
            <Avatar
              handle={post.author.handle}
              name={post.author.displayName}
              url={post.author.avatar?.url}
              size="small"
            />
            <bdi>{post.author.displayName}</bdi>
          </Link>
        )}
        <p className={styles.how}>
          {here && <strong>{words.here} · </strong>}
          {step.kind && words.kinds[step.kind as keyof typeof words.kinds]}
          {post && post.remixCount > 0 && <span> · {words.remixes(post.remixCount)}</span>}
        </p>
        {step.permission === 'TAKEN_BACK' && (
          <p className={styles.taken}>
            <Undo2 aria-hidden="true" />
            {words.takenBack}
          </p>
        )}
        {step.promptChange && step.promptChange.length > 0 && (
          <p className={styles.change} dir="auto">
            <span className="visually-hidden">{words.changed}: </span>
            {step.promptChange.map((part, index) => {
              const at = `${index}${part.change}`;
              if (part.change === 'ADDED') return <ins key={at}>{part.text} </ins>;
              if (part.change === 'REMOVED') return <del key={at}>{part.text} </del>;
              return <span key={at}>{part.text} </span>;
            })}
          </p>
        )}
        {post && me && me === sourceAuthorId && me !== post.author.id && (
          <p>
            <Standing
              postId={post.id}
              taken={step.permission === 'TAKEN_BACK'}
              onTurned={onTurned ?? (() => undefined)}
            />
          </p>
        )}
      </div>
    </article>
  );
}
