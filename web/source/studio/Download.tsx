import { Download as Arrow, Image, Shapes } from 'lucide-react';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { download } from './download';

type Props = { className?: string | undefined; picture: string; vector: string | null | undefined; about: string };

/** Saving a picture: as it is, or the drawing that it was painted from where there is one. */
export function Download({ className, picture, vector, about }: Props) {
  const text = useText();
  const label = text.studio.download;
  if (!vector) {
    return (
      <IconButton className={className} label={label} icon={<Arrow />} onClick={() => void download(picture, about)} />
    );
  }
  return (
    <Menu label={label} trigger={<IconButton className={className} label={label} icon={<Arrow />} />}>
      <MenuItem icon={<Image />} onSelect={() => void download(picture, about)}>
        {text.drawing.picture}
      </MenuItem>
      <MenuItem icon={<Shapes />} onSelect={() => void download(vector, about)}>
        {text.drawing.vector}
      </MenuItem>
    </Menu>
  );
}
