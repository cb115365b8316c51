import { useState } from 'react';
import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { Link, useLoaderData } from 'react-router';
import type { InvitationsPage_viewer$key } from '~/__generated__/InvitationsPage_viewer.graphql';
import type { InvitationsPageCreateMutation } from '~/__generated__/InvitationsPageCreateMutation.graphql';
import type { InvitationsPageMoreQuery } from '~/__generated__/InvitationsPageMoreQuery.graphql';
import type { InvitationsPageQuery } from '~/__generated__/InvitationsPageQuery.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { entryWords } from '~/session/entryWords';
import { SignedOut } from '~/session/SignedOut';
import { Section } from '~/settings/Section';
import { Page } from '~/shell/Page';
import { InvitationRow } from './InvitationRow';
import styles from './Invitations.module.css';

const DAYS = [1, 7, 14, 30, 90];
const MOST_USES = 25;
const USES = Array.from({ length: MOST_USES }, (_, index) => index + 1);
const STEP = 20;
const QUERY = graphql`
  query InvitationsPageQuery {
    viewer {
      ...InvitationsPage_viewer
    }
  }
`;

export const loader = async () => {
  const found = preload<InvitationsPageQuery>(QUERY, {});
  await entryWords.learn();
  return found;
};

/** Whom one lets in: a new invitation, and those there are with who came by them. */
export function Component() {
  const words = entryWords.useText().inviting;
  const { viewer } = usePage<InvitationsPageQuery>(QUERY, useLoaderData<PreloadedQuery<InvitationsPageQuery>>());
  return (
    <Page title={words.title} back>
      {viewer ? <Invitations viewer={viewer} /> : <SignedOut title={words.title} text={words.signedOut} />}
    </Page>
  );
}

function Invitations({ viewer }: { viewer: InvitationsPage_viewer$key }) {
  const text = useText();
  const words = entryWords.useText().inviting;
  const [wish, setWish] = useState({ note: '', uses: 1, days: 14 });
  const [refused, setRefused] = useState('');
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    InvitationsPageMoreQuery,
    InvitationsPage_viewer$key
  >(
    graphql`
      fragment InvitationsPage_viewer on Viewer
      @refetchable(queryName: "InvitationsPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        invitationPlacesLeft
        invitedBy {
          handle
        }
        invitations(first: $first, after: $after) @connection(key: "InvitationsPage_invitations") {
          __id
          edges {
            node {
              id
              ...InvitationRow_invitation
            }
          }
        }
      }
    `,
    viewer,
  );
  const [create, busy] = useAction<InvitationsPageCreateMutation>(graphql`
    mutation InvitationsPageCreateMutation($input: CreateInvitationInput!, $connections: [ID!]!) {
      createInvitation(input: $input) {
        invitation @prependNode(connections: $connections, edgeTypeName: "InvitationEdge") {
          id
          ...InvitationRow_invitation
        }
        query {
          viewer {
            invitationPlacesLeft
          }
        }
        userErrors {
          code
          path
        }
      }
    }
  `);
  const edges = (data.invitations?.edges ?? []).filter((edge) => edge?.node);
  const left = data.invitationPlacesLeft;
  const why: Record<string, string> = {
    FORBIDDEN: left > 0 ? words.young : words.house,
    CONFLICT: words.closed,
    QUOTA_EXCEEDED: words.quota,
  };
  const make = () =>
    create({
      input: wish,
      variables: { connections: data.invitations ? [data.invitations.__id] : [] },
      onDone: () => {
        setRefused('');
        setWish({ ...wish, note: '' });
        toast(words.created);
      },
      onRefused: ([refusal]) => setRefused(why[refusal?.code ?? ''] ?? codeText(text, refusal?.code ?? 'OTHER')),
    });
  const most = Math.max(1, Math.min(MOST_USES, left));
  return (
    <>
      <Section title={words.create} text={words.text}>
        {data.invitedBy && (
          <p className={styles.by}>
            {words.invitedBy} <Link to={places.person(data.invitedBy.handle)}>@{data.invitedBy.handle}</Link>
          </p>
        )}
        <p>{left > 0 ? words.left(left) : words.noneLeft}</p>
        {left > 0 && (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              make();
            }}
          >
            <Field
              label={words.note}
              hint={words.noteHint}
              maxLength={100}
              value={wish.note}
              onChange={({ target: { value } }) => setWish({ ...wish, note: value })}
            />
            <div className={styles.pair}>
              <SelectField
                label={words.uses}
                value={Math.min(wish.uses, most)}
                onChange={({ target: { value } }) => setWish({ ...wish, uses: Number(value) })}
              >
                {USES.slice(0, most).map((uses) => (
                  <option key={uses} value={uses}>
                    {uses}
                  </option>
                ))}
              </SelectField>
              <SelectField
                label={words.days}
                value={wish.days}
                onChange={({ target: { value } }) => setWish({ ...wish, days: Number(value) })}
              >
                {DAYS.map((days) => (
                  <option key={days} value={days}>
                    {words.dayCount(days)}
                  </option>
                ))}
              </SelectField>
            </div>
            {refused && (
              <p className={styles.refused} role="alert">
                {refused}
              </p>
            )}
            <Button type="submit" busy={busy}>
              {words.create}
            </Button>
          </form>
        )}
      </Section>
      <Section title={words.title}>
        {edges.length ? (
          <ul className={styles.list}>
            {edges.map(({ node }) => (
              <InvitationRow key={node.id} invitation={node} />
            ))}
          </ul>
        ) : (
          <p className={styles.none}>
            <strong>{words.empty}</strong> {words.emptyText}
          </p>
        )}
        {hasNext && (
          <Button look="quiet" busy={isLoadingNext} onClick={() => loadNext(STEP)}>
            {text.feed.loadMore}
          </Button>
        )}
      </Section>
    </>
  );
}
