import { type ReactNode, useId } from 'react';
import { Tooltip } from '~/design/Tooltip';
import styles from './Choices.module.css';

type Props<V extends string> = {
  label: string;
  value: V | '';
  options: readonly { readonly value: V; readonly name: string; readonly icon?: ReactNode }[];
  onChoose: (value: V) => void;
};

/** One of a few, side by side; as icons where there are icons. */
export function Choices<V extends string>({ label, value, options, onChoose }: Props<V>) {
  const group = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => {
        const choice = (
          <label key={option.value} className={styles.choice}>
            <input
              type="radio"
              className="visually-hidden"
              name={group}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
              aria-label={option.name}
            />
            {option.icon ?? <span>{option.name}</span>}
          </label>
        );
        return option.icon ? (
          <Tooltip key={option.value} text={option.name}>
            {choice}
          </Tooltip>
        ) : (
          choice
        );
      })}
    </fieldset>
  );
}
