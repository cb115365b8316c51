import { Palette } from 'lucide-react';
import { Suspense, useState } from 'react';
import { IconButton } from '~/design/IconButton';
import { useText } from '~/i18n/language';
import { later } from '~/routing/later';
import styles from './WishForm.module.css';
import { type Can, isStyleCode, type Wish } from './wish';

const StyleCodes = later(() => import('./StyleCodes'));

type Props = { wish: Wish; can: Can; small: boolean; onChange: (part: Partial<Wish>) => void };

/** One of the model's styles, or one that was kept: the viewer's own, or somebody's by its code. */
export function StyleChoice({ wish, can, small, onChange }: Props) {
  const all = useText();
  const text = all.studio;
  const [open, setOpen] = useState(false);
  const kept = isStyleCode(wish.style);
  return (
    <>
      <label className={styles.style}>
        <span className="visually-hidden">{text.style}</span>
        <select
          value={wish.style}
          onChange={({ target: { value } }) =>
            onChange({ style: value, styleName: value === wish.style ? wish.styleName : '' })
          }
        >
          <option value="">{text.noStyle}</option>
          {kept && <option value={wish.style}>{wish.styleName || all.manner.kept}</option>}
          {can.styles.map((style) => (
            <option key={style} value={style}>
              {text.styles[style] ?? style}
            </option>
          ))}
        </select>
      </label>
      {can.supportsStyleCodes && !small && (
        <IconButton label={all.manner.yours} icon={<Palette />} onClick={() => setOpen(true)} />
      )}
      {open && (
        <Suspense>
          <StyleCodes
            onUse={(style, styleName) => {
              onChange({ style, styleName });
              setOpen(false);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
