import { Link } from 'react-router';
import { AiMark } from '~/ai/AiMark';
import { useAiPictures } from '~/ai/viewing';
import { Picture } from '~/post/Picture';
import { places } from '~/routing/places';
import styles from './Niche.module.css';
import type { Hung } from './useHung';

/** A picture in an arch of the wall, with what it shows and who hung it; an empty arch until it is there. */
export function Niche({ hung, eager }: { hung: Hung | undefined; eager?: boolean }) {
  const veils = ['BLUR', 'HIDE'].includes(useAiPictures());
  if (!hung) return <div className={styles.niche} aria-hidden="true" />;
  const { post, author, image } = hung;
  return (
    <Link to={places.post(post)} className={styles.niche}>
      <Picture image={{ ...image, altText: '' }} src={veils && image.aiDisclosure ? null : image.url} eager={eager} />
      <span className={styles.words}>
        {image.altText && <span className={styles.said}>{image.altText}</span>}
        <span className={styles.who}>
          @{author.handle} <AiMark disclosure={image.aiDisclosure} inline />
        </span>
      </span>
    </Link>
  );
}
