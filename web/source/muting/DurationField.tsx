import { SelectField } from '~/design/Field';
import { useText } from '~/i18n/language';
import { type Duration, EVERY } from './duration';

/** For how long. */
export function DurationField({ value, onChange }: { value: Duration; onChange: (value: Duration) => void }) {
  const text = useText().muting;
  return (
    <SelectField label={text.duration} value={value} onChange={(event) => onChange(event.target.value as Duration)}>
      {EVERY.map((one) => (
        <option key={one} value={one}>
          {text.durations[one]}
        </option>
      ))}
    </SelectField>
  );
}
