import { ThumbsDown, ThumbsUp, UserMinus } from 'lucide-react';
import { MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { useOpinion } from './useOpinion';

/** In a post's menu: more of this, less of this, less of whoever wrote it. */
export function OpinionItems({ postId, authorId }: { postId: string; authorId: string }) {
  const text = useText();
  const say = useOpinion();
  return (
    <>
      <MenuLine />
      <MenuItem icon={<ThumbsUp />} onSelect={() => say('MORE', { postId })}>
        {text.picked.more}
      </MenuItem>
      <MenuItem icon={<ThumbsDown />} onSelect={() => say('LESS', { postId })}>
        {text.picked.less}
      </MenuItem>
      <MenuItem icon={<UserMinus />} onSelect={() => say('LESS', { userId: authorId })}>
        {text.picked.lessOfAuthor}
      </MenuItem>
    </>
  );
}
