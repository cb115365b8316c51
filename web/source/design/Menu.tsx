import {
  type ComponentType,
  cloneElement,
  createContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import styles from './Menu.module.css';
import type { MenuPanelProps, MenuParts } from './MenuPanel';

export const PartsContext = createContext<MenuParts | null>(null);

type Trigger = ReactElement<{
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
  onPointerEnter?: () => void;
  onClick?: () => void;
}>;

type Props = { trigger: Trigger; children: ReactNode; label: string };

/**
 * A menu that opens under its trigger, a button. Not modal: the page behind may be scrolled. What it takes to open one is loaded when one
 * is first wanted: every post has a menu, and most visitors open none.
 */
export function Menu({ trigger, children, label }: Props) {
  const [Panel, setPanel] = useState<ComponentType<MenuPanelProps> | null>(() => loaded);
  const [clicked, setClicked] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  // The trigger is drawn anew inside the panel: the one that was pressed hands its focus on.
  useEffect(() => {
    if (Panel && clicked) place.current?.querySelector('button')?.focus();
  }, [Panel, clicked]);
  if (Panel) {
    return (
      <span ref={place} style={{ display: 'contents' }}>
        <Panel trigger={trigger} label={label} openAtFirst={clicked}>
          {children}
        </Panel>
      </span>
    );
  }
  return cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load(),
    onClick: () => {
      setClicked(true);
      void load().then((found) => setPanel(() => found));
    },
  });
}

let loaded: ComponentType<MenuPanelProps> | null = null;

async function load(): Promise<ComponentType<MenuPanelProps>> {
  loaded = (await import('./MenuPanel')).default;
  return loaded;
}

type ItemProps = { icon?: ReactNode; danger?: boolean; disabled?: boolean; onSelect: () => void; children: ReactNode };

/** One thing to choose in a menu. */
export function MenuItem({ icon, danger, disabled, onSelect, children }: ItemProps) {
  const parts = useContext(PartsContext);
  if (!parts) return null;
  return (
    <parts.Item
      className={danger ? `${styles.item} ${styles.danger}` : styles.item}
      disabled={disabled}
      onSelect={onSelect}
    >
      {icon}
      {children}
    </parts.Item>
  );
}

/** Between groups of things. */
export function MenuLine() {
  const parts = useContext(PartsContext);
  return parts && <parts.Separator className={styles.line} />;
}
