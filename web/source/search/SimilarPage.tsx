import { graphql, type PreloadedQuery, usePaginationFragment } from 'react-relay/hooks';
import { type LoaderFunctionArgs, useLoaderData } from 'react-router';
import type { SimilarPage_image$key } from '~/__generated__/SimilarPage_image.graphql';
import type { SimilarPageMoreQuery } from '~/__generated__/SimilarPageMoreQuery.graphql';
import type { SimilarPageQuery } from '~/__generated__/SimilarPageQuery.graphql';
import { AiMark } from '~/ai/AiMark';
import { useText } from '~/i18n/language';
import { Picture } from '~/post/Picture';
import { Wall } from '~/post/Wall';
import { preload, usePage } from '~/relay/usePage';
import { Empty } from '~/shell/Empty';
import { NotFound } from '~/shell/NotFound';
import { Page } from '~/shell/Page';
import { More } from '~/timeline/More';
import { usePages } from '~/timeline/usePages';
import styles from './SearchPage.module.css';

const QUERY = graphql`
  query SimilarPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ... on Image {
        id
        ...SimilarPage_image
      }
    }
  }
`;

export const loader = ({ params: { id = '' } }: LoaderFunctionArgs) => preload<SimilarPageQuery>(QUERY, { id });

/** Pictures that look like one, with it above them. */
export function Component() {
  const text = useText().saved;
  const { node } = usePage<SimilarPageQuery>(QUERY, useLoaderData<PreloadedQuery<SimilarPageQuery>>());
  if (node?.__typename !== 'Image') return <NotFound />;
  return (
    <Page title={text.similar} back>
      <Alike key={node.id} image={node} />
    </Page>
  );
}

function Alike({ image: key }: { image: SimilarPage_image$key }) {
  const text = useText().saved;
  const { data: image, ...pagination } = usePaginationFragment<SimilarPageMoreQuery, SimilarPage_image$key>(
    graphql`
      fragment SimilarPage_image on Image
      @refetchable(queryName: "SimilarPageMoreQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        id
        altText
        width
        height
        blurhash
        url(size: SMALL)
        sensitive
        aiDisclosure {
          kind
          basis
        }
        similar(first: $first, after: $after) @connection(key: "SimilarPage_similar") {
          edges {
            node {
              id
              images {
                id
                width
                height
              }
            }
            ...WallTile_edge
          }
        }
      }
    `,
    key,
  );
  const pages = usePages(pagination);
  const edges = image.similar?.edges ?? [];
  const ratio = (image.width ?? 1) / (image.height ?? 1);
  return (
    <>
      {!image.sensitive && (
        <div className={styles.like} style={{ inlineSize: `min(50%, 9rem * ${ratio})` }}>
          <Picture image={image} src={image.url} ratio={ratio} eager />
          <AiMark disclosure={image.aiDisclosure} />
        </div>
      )}
      {edges.some(({ node }) => node) || pages.hasNext ? (
        <Wall label={text.similar} edges={edges} />
      ) : (
        <Empty title={text.noneSimilar} text="" />
      )}
      <More {...pages} />
    </>
  );
}
