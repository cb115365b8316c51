import { Camera, Images, Trash2, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { TYPES } from '~/compose/upload';
import { IconButton } from '~/design/IconButton';
import { Menu, MenuItem, MenuLine } from '~/design/Menu';
import { useText } from '~/i18n/language';
import { PictureChooser } from './PictureChooser';
import type { PictureChoice } from './usePictureChoice';

/** What to do about one of the two pictures of a profile. `what` names it. */
export function PictureMenu({ what, choice }: { what: string; choice: PictureChoice }) {
  const text = useText().editing;
  const [choosing, setChoosing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Menu label={what} trigger={<IconButton label={text.change(what)} icon={<Camera />} onPicture />}>
        <MenuItem icon={<Upload />} onSelect={() => input.current?.click()}>
          {text.upload}
        </MenuItem>
        <MenuItem icon={<Images />} onSelect={() => setChoosing(true)}>
          {text.choose}
        </MenuItem>
        {choice.url && (
          <>
            <MenuLine />
            <MenuItem icon={<Trash2 />} danger onSelect={() => choice.choose(null)}>
              {text.remove}
            </MenuItem>
          </>
        )}
      </Menu>
      <input
        ref={input}
        type="file"
        accept={TYPES.join(',')}
        hidden
        tabIndex={-1}
        aria-label={`${what}: ${text.upload}`}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) choice.send(file);
          target.value = ''; // the same file may be picked again
        }}
      />
      <PictureChooser
        open={choosing}
        onOpenChange={setChoosing}
        onChoose={(picture) => {
          choice.choose(picture);
          setChoosing(false);
        }}
      />
    </>
  );
}
