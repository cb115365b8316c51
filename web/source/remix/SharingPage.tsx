import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { useLoaderData } from 'react-router';
import type { SharingPageMutation } from '~/__generated__/SharingPageMutation.graphql';
import type { SharingPageQuery } from '~/__generated__/SharingPageQuery.graphql';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { Requests } from './Requests';
import { SharingFields } from './SharingFields';
import type { RemixPolicy, ShownTo } from './sharing';

const QUERY = graphql`
  query SharingPageQuery {
    viewer {
      sharing {
        remixPolicy
        promptVisibility
      }
      ...Requests_viewer
    }
  }
`;

export const loader = () => preload<SharingPageQuery>(QUERY, {});

/** What one's posts begin with, and who asks to remix them. */
export function Component() {
  const text = useText().remix;
  const { viewer } = usePage<SharingPageQuery>(QUERY, useLoaderData<PreloadedQuery<SharingPageQuery>>());
  const [settle] = useAction<SharingPageMutation>(graphql`
    mutation SharingPageMutation($input: UpdateSharingInput!) {
      updateSharing(input: $input) {
        viewer {
          sharing {
            remixPolicy
            promptVisibility
          }
        }
        userErrors {
          code
        }
      }
    }
  `);
  if (!viewer) {
    return (
      <Page title={text.sharing} back>
        <SignedOut title={text.sharing} text={text.sharingText} />
      </Page>
    );
  }
  const change = (part: { remixPolicy: RemixPolicy | null } | { promptVisibility: ShownTo | null }) =>
    settle({
      input: part,
      optimisticResponse: { updateSharing: { viewer: { sharing: { ...viewer.sharing, ...part } }, userErrors: [] } },
      onDone: () => toast(text.settled),
    });
  return (
    <Page title={text.sharing} back>
      <Section title={text.settle} text={text.sharingText}>
        <SharingFields
          policy={viewer.sharing.remixPolicy as RemixPolicy}
          shownTo={viewer.sharing.promptVisibility as ShownTo}
          onPolicy={(remixPolicy) => change({ remixPolicy })}
          onShownTo={(promptVisibility) => change({ promptVisibility })}
        />
      </Section>
      <Section title={text.requests}>
        <Requests viewer={viewer} />
      </Section>
    </Page>
  );
}
