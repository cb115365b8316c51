import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { graphql, type PreloadedQuery } from 'react-relay/hooks';
import { Link, useLoaderData, useLocation } from 'react-router';
import type { StudioPageQuery } from '~/__generated__/StudioPageQuery.graphql';
import { buttonClass } from '~/design/Button';
import { toast } from '~/design/Toast';
import { useText } from '~/i18n/language';
import { preload, usePage } from '~/relay/usePage';
import { places } from '~/routing/places';
import { useViewer } from '~/session/viewer';
import { Empty } from '~/shell/Empty';
import { Page } from '~/shell/Page';
import { History } from './History';
import type { OpenPost } from './Publishing';
import styles from './StudioPage.module.css';
import { chosenOf, deedsOf, useEngines } from './useEngines';
import { useGenerate } from './useGenerate';
import { useRetry } from './useRetry';
import { WishForm } from './WishForm';
import { type DEEDS, fitted, keepWish, keptWish, type Wish, withPicture } from './wish';

const QUERY = graphql`
  query StudioPageQuery {
    engines {
      ...useEngines_engines
    }
    viewer {
      ...History_viewer
    }
  }
`;

export const loader = () => preload<StudioPageQuery>(QUERY, {});

/** Where pictures are made: the wish above, everything made below, the newest first, alive. */
export function Component() {
  const text = useText();
  const { engines: key, viewer } = usePage<StudioPageQuery>(QUERY, useLoaderData<PreloadedQuery<StudioPageQuery>>());
  const engines = useEngines(key);
  const person = useViewer()?.id ?? '';
  const [wish, setWish] = useState(() => fittedTo(engines, keptWish(person)));
  const { key: arrival } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish was kept elsewhere ("use these settings") and this page gone to
  useEffect(() => setWish(fittedTo(engines, keptWish(person))), [arrival]);
  const [post, setPost] = useState<OpenPost | null>(null);
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const connection = useRef('');
  const top = useRef<HTMLDivElement>(null);
  const { generate, busy, refused } = useGenerate(wish.deed);
  const { retry } = useRetry();
  const change = useCallback(
    (next: Wish) => {
      keepWish(person, next);
      setWish(next);
    },
    [person],
  );
  const deeds = useMemo(() => deedsOf(engines), [engines]);
  const latest = useRef(wish);
  latest.current = wish;
  const make = () => {
    if (busy) return;
    generate(
      wish,
      connection.current ? [connection.current] : [],
      (id) => {
        setFresh((now) => [id, ...now]);
        if (post) toast(text.studio.openPosted);
        setPost(null);
      },
      post,
    );
  };
  const toForm = useCallback(() => {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    top.current?.scrollIntoView({ behavior: still ? 'auto' : 'smooth', block: 'center' });
    top.current?.querySelector('textarea')?.focus({ preventScroll: true });
  }, []);
  const again = (next: Wish) => {
    change(fittedTo(engines, next));
    toast(text.studio.filled);
    toForm();
  };
  const work = useCallback(
    (imageId: string, deed: (typeof DEEDS)[number]) => {
      change(fittedTo(engines, withPicture(latest.current, imageId, deed)));
      toForm();
    },
    [change, engines, toForm],
  );
  if (!viewer) {
    return (
      <Page title={text.places.studio} wide>
        <Empty title={text.studio.signedOut} text={text.studio.signedOutText}>
          <Link to={`${places.logIn}?next=${places.studio}`} className={buttonClass()}>
            {text.places.logIn}
          </Link>
        </Empty>
      </Page>
    );
  }
  return (
    <Page title={text.places.studio} wide>
      <div className={styles.studio}>
        <div ref={top}>
          <WishForm
            engines={engines}
            wish={wish}
            onWish={change}
            onMake={make}
            busy={busy}
            refused={refused}
            post={post}
            onPost={setPost}
          />
        </div>
        <History
          viewer={viewer}
          fresh={fresh}
          onConnection={(id) => {
            connection.current = id;
          }}
          onAgain={again}
          onRetry={(jobId) =>
            retry(jobId, connection.current ? [connection.current] : [], (id) => setFresh((now) => [id, ...now]))
          }
          onWork={work}
          deeds={deeds}
          onIdea={(prompt) => {
            change({ ...wish, prompt });
            top.current?.querySelector('textarea')?.focus();
          }}
        />
      </div>
    </Page>
  );
}

function fittedTo(engines: ReturnType<typeof useEngines>, wish: Wish): Wish {
  const chosen = chosenOf(engines, wish);
  return chosen ? fitted({ ...wish, engine: chosen.engine.name, model: chosen.model.name }, chosen.can) : wish;
}
