import { LogOut } from 'lucide-react';
import { graphql, useFragment } from 'react-relay/hooks';
import type { Account_viewer$key } from '~/__generated__/Account_viewer.graphql';
import type { AccountLogOutMutation } from '~/__generated__/AccountLogOutMutation.graphql';
import { Button } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { failureText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { places } from '~/routing/places';
import { goesOut } from '~/session/ended';
import { forgetAll } from '~/state/kept';
import { Section } from './Section';

/** Who is signed in, and the way out. */
export function Account({ viewer }: { viewer: Account_viewer$key }) {
  const text = useText();
  const { user } = useFragment(
    graphql`
      fragment Account_viewer on Viewer {
        user {
          handle
        }
      }
    `,
    viewer,
  );
  const [logOut, busy] = useAction<AccountLogOutMutation>(
    graphql`
      mutation AccountLogOutMutation($input: LogOutInput!) {
        logOut(input: $input) {
          revokedSessionIds
          userErrors {
            code
          }
        }
      }
    `,
    { keyless: true },
  );
  const leave = () => {
    for (const drafts of ['draft.', 'profile.']) forgetAll(drafts); // the next to sign in here is perhaps somebody else
    location.assign(places.home); // anew, so that nothing of the session stays in memory
  };
  const goOut = () => {
    const stay = goesOut();
    logOut({
      input: {},
      onDone: leave,
      onRefused: leave,
      onFailed: (error) => {
        stay();
        toast(failureText(text, error), { urgent: true });
      },
    });
  };
  return (
    <Section
      title={text.settings.account}
      text={`${text.settings.signedInAs(user.handle)} ${text.settings.logOutText}`}
    >
      <Button look="quiet" busy={busy} onClick={goOut}>
        <LogOut aria-hidden="true" />
        {text.places.logOut}
      </Button>
    </Section>
  );
}
