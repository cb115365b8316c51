import { Suspense, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { graphql, type PreloadedQuery, useFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from 'react-router';
import type { BuildPageCreateMutation } from '~/__generated__/BuildPageCreateMutation.graphql';
import type { BuildPageQuery } from '~/__generated__/BuildPageQuery.graphql';
import type { BuildPageUpdateMutation } from '~/__generated__/BuildPageUpdateMutation.graphql';
import type { told_rules$key } from '~/__generated__/told_rules.graphql';
import { Button } from '~/design/Button';
import { Field, SelectField, TextField } from '~/design/Field';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { codeText, type Refusal } from '~/relay/failure';
import { useAction } from '~/relay/useAction';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { SignedOut } from '~/session/SignedOut';
import { useViewer } from '~/session/viewer';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { Waiting } from '~/shell/Waiting';
import styles from './Build.module.css';
import { type Draft, EMPTY, rulesOf } from './draft';
import { Explained } from './Explained';
import { FilterFields } from './FilterFields';
import { OrderFields } from './OrderFields';
import { Preview } from './Preview';
import { SourceFields } from './SourceFields';
import { draftOf, RULES } from './told';
import { feedWords } from './words';

const PAUSE_MILLISECONDS = 400;

const QUERY = graphql`
  query BuildPageQuery($id: ID!, $old: Boolean!) {
    viewer {
      ...SourceFields_viewer
    }
    node(id: $id) @include(if: $old) {
      __typename
      ... on CustomFeed {
        id
        name
        description
        isPrivate
        viewerIsOwner
        rules {
          ...told_rules
        }
      }
    }
  }
`;

export async function loader({ params: { id = '' } }: LoaderFunctionArgs) {
  const reference = preload<BuildPageQuery>(QUERY, { id, old: id !== '' });
  await feedWords.learn();
  return reference;
}

/** Builds a feed: its sources, filters and weights, with what they show beside them. */
export function Component() {
  const all = useText();
  const text = feedWords.useText();
  const data = usePage<BuildPageQuery>(QUERY, useLoaderData<PreloadedQuery<BuildPageQuery>>());
  const known = useViewer();
  const { node, viewer } = data;
  if (!viewer || !known) {
    return (
      <Page title={text.make}>
        <SignedOut title={text.signedOut} text={all.signing.signedOutText} />
      </Page>
    );
  }
  if (node === undefined) return <Build viewer={viewer} />;
  if (node?.__typename !== 'CustomFeed' || !node.viewerIsOwner) return <NotFound text={text.missing} />;
  return <Change viewer={viewer} feed={node} />;
}

type Response = BuildPageQuery['response'];
type Viewer = NonNullable<Response['viewer']>;
type Known = NonNullable<Extract<Response['node'], { __typename: 'CustomFeed' }>>;

function Change({ viewer, feed }: { viewer: Viewer; feed: Known }) {
  const told = useFragment<told_rules$key>(RULES, feed.rules);
  const draft = useMemo(() => draftOf(told), [told]);
  return <Build viewer={viewer} feed={feed} draft={draft} />;
}

/** A value once it has rested. */
function useRested<V>(value: V): V {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function Build({ viewer, feed, draft: first = EMPTY }: { viewer: Viewer; feed?: Known; draft?: Draft }) {
  const all = useText();
  const words = feedWords.useText();
  const text = words.build;
  const navigate = useNavigate();
  const [draft, setDraft] = useState(first);
  const [named, setNamed] = useState({
    name: feed?.name ?? '',
    description: feed?.description ?? '',
    isPrivate: feed?.isPrivate ?? true,
  });
  const [refused, setRefused] = useState<{ name?: string; rules?: string }>({});
  const rested = useRested(draft);
  const shown = useDeferredValue(rested);
  const [create, creating] = useAction<BuildPageCreateMutation>(graphql`
    mutation BuildPageCreateMutation($input: CreateFeedInput!) {
      createFeed(input: $input) {
        feed {
          id
        }
        userErrors {
          code
          message
          path
        }
      }
    }
  `);
  const [update, updating] = useAction<BuildPageUpdateMutation>(graphql`
    mutation BuildPageUpdateMutation($input: UpdateFeedInput!) {
      updateFeed(input: $input) {
        feed {
          id
          name
          description
          isPrivate
          rules {
            ...told_rules
          }
        }
        userErrors {
          code
          message
          path
        }
      }
    }
  `);
  const change = (some: Partial<Draft>) => setDraft((now) => ({ ...now, ...some }));
  const onRefused = ([one]: readonly Refusal[]) => {
    if (one?.path?.[0] === 'name') setRefused({ name: text.nameWrong });
    else setRefused({ rules: one?.code === 'QUOTA_EXCEEDED' ? text.tooMany : codeText(all, one?.code ?? 'OTHER') });
  };
  const done = (id: string | undefined) => {
    if (!id) return;
    toast(text.saved);
    void navigate(places.feed(id), { replace: true });
  };
  const save = () => {
    setRefused({});
    const input = {
      ...named,
      name: named.name.trim(),
      description: named.description.trim(),
      rules: rulesOf(draft),
    };
    if (feed)
      update({
        input: { ...input, feedId: feed.id },
        onRefused,
        onDone: ({ updateFeed }) => done(updateFeed.feed?.id),
      });
    else create({ input, onRefused, onDone: ({ createFeed }) => done(createFeed.feed?.id) });
  };
  const ready = named.name.trim() !== '' && draft.sources.length > 0;
  return (
    <Page title={feed ? words.edit : words.make} back wide>
      <div className={styles.build}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) save();
          }}
        >
          <Field
            label={text.name}
            placeholder={text.namePlaceholder}
            value={named.name}
            maxLength={50}
            autoComplete="off"
            error={refused.name}
            onChange={({ target: { value } }) => setNamed({ ...named, name: value })}
          />
          <SourceFields viewer={viewer} sources={draft.sources} onChange={(sources) => change({ sources })} />
          <FilterFields draft={draft} onChange={change} />
          <OrderFields draft={draft} onChange={change} />
          <TextField
            label={text.description}
            value={named.description}
            maxLength={300}
            rows={2}
            onChange={({ target: { value } }) => setNamed({ ...named, description: value })}
          />
          <SelectField
            label={text.privacy}
            hint={text.privacyHint}
            value={named.isPrivate ? 'private' : 'public'}
            onChange={({ target: { value } }) => setNamed({ ...named, isPrivate: value === 'private' })}
          >
            <option value="private">{words.private}</option>
            <option value="public">{words.public}</option>
          </SelectField>
          {refused.rules && (
            <p className={styles.wrong} role="alert">
              {refused.rules}
            </p>
          )}
          <div className={styles.save}>
            {!draft.sources.length && <span className={styles.missing}>{text.noSource}</span>}
            <Button type="submit" busy={creating || updating} disabled={!ready}>
              {text.save}
            </Button>
          </div>
        </form>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also before there is a post in it to step to */}
        <section className={styles.preview} aria-label={text.preview} tabIndex={0}>
          <h2>{text.preview}</h2>
          {draft.sources.length > 0 ? (
            <>
              <Explained draft={draft} />
              <div data-old={shown !== draft || undefined} className={styles.posts}>
                <Suspense fallback={<Waiting />}>{shown.sources.length > 0 && <Preview draft={shown} />}</Suspense>
              </div>
            </>
          ) : (
            <p className={styles.hint}>{text.previewEmptyText}</p>
          )}
        </section>
      </div>
    </Page>
  );
}
