import { Monitor, Smartphone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Devices_settings$key } from '~/__generated__/Devices_settings.graphql';
import type { DevicesSubscribeMutation } from '~/__generated__/DevicesSubscribeMutation.graphql';
import type { DevicesUnsubscribeMutation } from '~/__generated__/DevicesUnsubscribeMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useFormat } from '~/i18n/format';
import { useLanguage } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { Section } from '~/settings/Section';
import sessions from '~/settings/Sessions.module.css';
import {
  atFirst,
  inputOf,
  type Standing,
  standing,
  subscribe,
  subscription,
  Unreachable,
  unsubscribe,
} from './browser';
import { usePushWords } from './words';

const HELD = /iPhone|iPad|Android|phone/i;

/** Whether this browser tells one at once, the way to it, and the other browsers that do. */
export function Devices({ settings: key }: { settings: Devices_settings$key }) {
  const text = usePushWords();
  const format = useFormat();
  const language = useLanguage();
  const { pushKey, pushSubscriptions } = useFragment(
    graphql`
      fragment Devices_settings on NotificationSettings {
        pushKey
        pushSubscriptions {
          id
          device
          createdAt
          isCurrent
        }
      }
    `,
    key,
  );
  const [now, setNow] = useState<Standing>(atFirst);
  const [working, setWorking] = useState(false);
  useEffect(() => {
    let wanted = true;
    void standing().then((found) => wanted && setNow(found));
    return () => {
      wanted = false;
    };
  }, []);
  const [tell, telling] = useAction<DevicesSubscribeMutation>(graphql`
    mutation DevicesSubscribeMutation($input: SubscribeToPushInput!) {
      subscribeToPush(input: $input) {
        viewer {
          notificationSettings {
            ...Devices_settings
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const [end, ending] = useAction<DevicesUnsubscribeMutation>(graphql`
    mutation DevicesUnsubscribeMutation($input: UnsubscribeFromPushInput!) {
      unsubscribeFromPush(input: $input) {
        viewer {
          notificationSettings {
            ...Devices_settings
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  const mine = pushSubscriptions.filter(({ isCurrent }) => isCurrent);
  const others = pushSubscriptions.filter(({ isCurrent }) => !isCurrent);
  const on = now === 'on' && mine.length > 0;
  const turnOn = async () => {
    if (!pushKey) return;
    setWorking(true);
    try {
      const made = await subscribe(pushKey);
      if (made) tell({ input: { ...inputOf(made), language: language.toUpperCase() } });
      else toast(text.declined, { urgent: true });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      toast(text.unreachable, { urgent: true });
    } finally {
      setWorking(false);
      setNow(await standing());
    }
  };
  const turnOff = async () => {
    setWorking(true);
    for (const { id } of mine) end({ input: { pushSubscriptionId: id } });
    if (await subscription()) await unsubscribe();
    setWorking(false);
    setNow(await standing());
  };
  const busy = working || telling || ending;
  const why = !pushKey
    ? text.notHere
    : now === 'unsupported'
      ? text.unsupported
      : now === 'refused'
        ? text.refused
        : null;
  return (
    <Section title={text.devices} text={text.devicesText}>
      {why ? (
        <p data-push={now}>{why}</p>
      ) : (
        <div className={sessions.buttons} data-push={on ? 'on' : 'off'}>
          {on && <p>{text.on}</p>}
          <Button look={on ? 'quiet' : 'primary'} busy={busy} onClick={on ? turnOff : turnOn}>
            {on ? text.turnOff : text.turnOn}
          </Button>
        </div>
      )}
      {others.length > 0 && (
        <>
          <h3>{text.others}</h3>
          <ul className={sessions.list}>
            {others.map(({ id, device, createdAt }) => {
              const name = device || text.unknown;
              const Icon = HELD.test(name) ? Smartphone : Monitor;
              return (
                <li key={id} className={sessions.session}>
                  <Icon aria-hidden="true" />
                  <div className={sessions.words}>
                    <p className={sessions.device}>{name}</p>
                    <p className={sessions.when}>{text.since(format.day(createdAt))}</p>
                  </div>
                  <Button
                    look="quiet"
                    small
                    busy={ending}
                    aria-label={text.stopOf(name)}
                    onClick={() => end({ input: { pushSubscriptionId: id } })}
                  >
                    {text.stop}
                  </Button>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </Section>
  );
}
