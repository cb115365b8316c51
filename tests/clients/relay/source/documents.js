// What an application would have in its components; relay-compiler reads it and nothing runs it.
import { graphql } from 'relay-runtime';

export const home = graphql`
  query documentsHomeQuery($first: Int!, $after: String) {
    viewer {
      user {
        handle
      }
      homeTimeline(first: $first, after: $after) @connection(key: "documents_homeTimeline") {
        __id
        edges {
          cursor
          repostedBy {
            handle
          }
          node {
            ...documents_post
          }
        }
        pageInfo {
          hasNextPage
        }
        liveCursor
      }
    }
  }
`;

export const post = graphql`
  fragment documents_post on Post {
    id
    version
    text
    createdAt
    likeCount
    viewerHasLiked
    author {
      handle
    }
    quotedPost {
      __typename
      ... on Post {
        text
      }
      ... on UnavailablePost {
        reason
      }
    }
  }
`;

export const person = graphql`
  query documentsPersonQuery($handle: String!) {
    user(handle: $handle) {
      id
      ...documents_posts
    }
  }
`;

export const posts = graphql`
  fragment documents_posts on User
  @refetchable(queryName: "documentsPostsPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" }) {
    posts(first: $first, after: $after) @connection(key: "documents_posts") {
      edges {
        node {
          ...documents_post
        }
      }
    }
  }
`;

export const createPost = graphql`
  mutation documentsCreatePostMutation($input: CreatePostInput!, $connections: [ID!]!) {
    createPost(input: $input) {
      edge @prependEdge(connections: $connections) {
        cursor
        node {
          ...documents_post
        }
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`;

export const deletePost = graphql`
  mutation documentsDeletePostMutation($input: DeletePostInput!, $connections: [ID!]!) {
    deletePost(input: $input) {
      deletedPostId @deleteEdge(connections: $connections)
      userErrors {
        code
      }
    }
  }
`;

export const likePost = graphql`
  mutation documentsLikePostMutation($id: ID!) {
    likePost(input: { postId: $id }) {
      post {
        id
        version
        likeCount
        viewerHasLiked
      }
      userErrors {
        code
      }
    }
  }
`;

export const homeLive = graphql`
  subscription documentsHomeLiveSubscription($after: String, $connections: [ID!]!) {
    homeTimeline(after: $after) {
      __typename
      cursor
      ... on PostPublished {
        edge @prependEdge(connections: $connections) {
          cursor
          node {
            ...documents_post
          }
        }
      }
      ... on PostRemoved {
        postId @deleteEdge(connections: $connections)
      }
    }
  }
`;

export const deferred = graphql`
  query documentsDeferredQuery($handle: String!) {
    user(handle: $handle) {
      handle
      posts(first: 2) {
        edges {
          node {
            id
            ...documents_post @defer
          }
        }
      }
      ...documents_posts @defer(label: "posts")
    }
  }
`;
